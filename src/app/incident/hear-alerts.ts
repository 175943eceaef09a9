import { hash, timingSafeEqual } from 'node:crypto';
import { alertWebhook } from '../../contract/alerts.ts';
import { AppError } from '../../contract/errors.ts';
import { secondKeyIn } from '../../kernel/json/second-key.ts';
import { authenticate } from '../authenticate.ts';
import type { AppContext } from '../context.ts';
import { heedAlerts } from './heed-alerts.ts';

/** Whether a caller may tell of alerts: by one of the secrets that are live, or as a service that may act and is no agent. */
export async function mayTellOfAlerts(
  context: AppContext,
  authorization: string | undefined,
): Promise<boolean> {
  const [, bearer] = /^Bearer ([^\s]+)$/i.exec(authorization ?? '') ?? [];
  if (bearer === undefined) return false;
  const digest = hash('sha256', bearer, 'buffer');
  // Every secret is compared, so that the time says nothing of which.
  const same = context.alerts.secrets.map((secret) =>
    timingSafeEqual(digest, hash('sha256', secret, 'buffer')),
  );
  if (same.includes(true)) return true;
  const actor = await authenticate(context, { token: bearer, session: null, bastion: null });
  return actor !== null && actor.kind === 'service' && !actor.agent && actor.scopes.includes('act');
}

/** Takes a delivery of Alertmanager's webhook, by its bytes. @throws {AppError} `not_found`, `invalid`, `unavailable` */
export async function hearAlerts(context: AppContext, body: Buffer): Promise<'new' | 'before'> {
  const settings = context.policy.file.incidents.alertmanager;
  if (settings === null)
    throw new AppError('not_found', 'expected `incidents.alertmanager` in the policy, got none');
  if (!alertWebhook.safeParse(parsed(body)).success)
    throw new AppError('invalid', 'expected the body of a webhook of Alertmanager, got another');
  return heedAlerts(context, { settings, delivery: `sha256:${hash('sha256', body, 'hex')}` });
}

function parsed(body: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    return secondKeyIn(text) === null ? value : null;
  } catch {
    return null;
  }
}
