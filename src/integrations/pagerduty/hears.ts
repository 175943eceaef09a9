import { createHash } from 'node:crypto';
import type { Hears } from '../../app/ports/connection.ts';
import { jsonOf } from '../peer/ask.ts';
import type { Secret } from '../peer/secret.ts';
import { pagerdutySigned } from '../signatures/schemes.ts';
import { told } from './api.ts';

/**
 * Hears a webhook subscription (v3). Its signature covers no time, so an old one may be sent again: it is known by its event's id, and all that
 * follows from any is that PagerDuty is asked.
 */
export function pagerdutyHears(secrets: readonly Secret[]): Hears {
  return (request) => {
    const live = secrets.map((secret) => secret.reveal());
    if (!pagerdutySigned(request, live)) return { kind: 'unverified' };
    const read = told.safeParse(jsonOf(request.body));
    // The same bytes are the same delivery, where they name none.
    if (!read.success)
      return {
        kind: 'heard',
        delivery: createHash('sha256').update(request.body).digest('hex'),
        events: [],
      };
    const { id, event_type: type } = read.data.event;
    const events = type.startsWith('incident.') ? [{ kind: 'incidents-touched' as const }] : [];
    return { kind: 'heard', delivery: id, events };
  };
}
