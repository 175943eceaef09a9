import { z } from 'zod';
import type { Connection } from '../../app/ports/connection.ts';
import type { PagerdutySettings } from '../../contract/integrations/pagerduty.ts';
import type { Secret } from '../peer/secret.ts';
import { askPagerduty, type Api } from './api.ts';
import { pagerdutyHears } from './hears.ts';
import { isOver, openIncidents } from './incidents.ts';
import { shiftsOf } from './shifts.ts';

const DAY_MS = 86_400_000;
/** PagerDuty lays at most three months out in one answer. */
const AHEAD_MS = 42 * DAY_MS;

interface PagerdutySecrets {
  readonly token: Secret;
  readonly hooks: readonly Secret[];
}

/** Who is on call by the schedules of PagerDuty, and its incidents. */
export function pagerdutyConnection(settings: PagerdutySettings, secrets: PagerdutySecrets): Connection {
  const { incidents } = settings;
  const { host } = new URL(settings.api);
  const api: Api = { base: settings.api.replace(/\/+$/, ''), host, token: secrets.token };
  return {
    name: 'pagerduty',
    peer: host,
    offers: {
      onCall: { aheadMs: AHEAD_MS, shifts: (question, looking) => shiftsOf(api, question, looking) },
      ...(incidents && {
        incidents: {
          open: (looking) => openIncidents(api, incidents, looking),
          isOver: (key, looking) => isOver(api, key, looking),
        },
      }),
    },
    hears: secrets.hooks.length > 0 ? pagerdutyHears(secrets.hooks) : null,
    test: (signal) => test(api, incidents !== undefined, signal),
  };
}

/** Reads one of each kind that is asked for, so that a key which may not is seen before somebody needs it. */
async function test(api: Api, withIncidents: boolean, signal: AbortSignal) {
  const lists = ['oncalls', ...(withIncidents ? ['incidents'] : [])];
  for (const list of lists) {
    const shape = z.object({ [list]: z.array(z.unknown()) });
    const seen = await askPagerduty(api, shape, `/${list}?limit=1`, { signal });
    if (seen.kind !== 'seen') return seen;
  }
  return { kind: 'taken' as const, receipt: `${api.host}: ${lists.join(' and ')} can be read` };
}
