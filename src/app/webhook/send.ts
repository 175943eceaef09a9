import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import {
  insertAttempt,
  putDeliveryOff,
  settleDelivery,
  takeDueDeliveries,
  tookSince,
  type DeliveryRow,
} from '../../store/webhook-deliveries.ts';
import { disableEndpoint, findEndpoint } from '../../store/webhook-endpoints.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { againAfter, LEASE_MS, SCHEDULES } from '../outside/again.ts';
import { webhookHeaders } from './signature.ts';

const AGAIN_MS = SCHEDULES.webhook;
const AT_ONCE = 20;
const GONE = 410;

/** Sends what is due, each to its endpoint. Gives how many were taken. */
export async function sendWebhooks(context: AppContext): Promise<number> {
  const due = await transact(context.db, (tx) => takeDueDeliveries(tx, AT_ONCE, LEASE_MS));
  const taken = await Promise.all(due.map((delivery) => send(context, delivery)));
  return taken.filter(Boolean).length;
}

/** Outside of any transaction: an endpoint may take its time. */
async function send(context: AppContext, delivery: DeliveryRow): Promise<boolean> {
  const endpoint = await findEndpoint(context.db, delivery.endpoint);
  if (!endpoint) throw new Error(`expected the endpoint \`${delivery.endpoint}\` of a message, got none`);
  const { id, body } = delivery;
  const headers = webhookHeaders(context, endpoint, { id, nowMs: await clock(context.db), body });
  const attempted = await context.outside
    .post(endpoint.url, { headers, body })
    .catch((error: unknown) => ({ error: String(error instanceof Error ? error.message : error) }));
  const status = 'status' in attempted ? attempted.status : null;
  const taken = status !== null && status >= 200 && status < 300;
  const rest = 'status' in attempted ? attempted.retryAfterMs : null;
  const againInMs = againAfter(AGAIN_MS, delivery.attempts, rest);
  await transact(context.db, async (tx) => {
    await insertAttempt(tx, id, attempted);
    if (taken) await settleDelivery(tx, id, 'delivered');
    else if (status === GONE) await giveUp(tx, context, delivery, 'it answered that it is gone');
    else if (againInMs === null) await giveUp(tx, context, delivery, null);
    else await putDeliveryOff(tx, id, againInMs);
  });
  return taken;
}

/** Gives a message up; an endpoint that took nothing in all that time, or is gone, is disabled, and its owner told. */
async function giveUp(
  tx: Transaction,
  context: AppContext,
  delivery: DeliveryRow,
  gone: string | null,
): Promise<void> {
  await settleDelivery(tx, delivery.id, 'given-up');
  if (gone === null && (await tookSince(tx, delivery))) return;
  const because = gone ?? `it took none of ${AGAIN_MS.length} attempts`;
  if (!(await disableEndpoint(tx, delivery.endpoint, because))) return;
  const endpoint = await findEndpoint(tx, delivery.endpoint);
  await tellPeople(tx, {
    to: endpoint ? [endpoint.created_by] : [],
    key: `webhook-disabled:${delivery.id}`,
    kind: 'webhook-disabled',
    about: `webhook/${delivery.endpoint}`,
    body: `The webhook ${delivery.endpoint} hears of nothing any more: ${because}.`,
  });
  await record(tx, {
    ...entryBase(context, systemCall('webhooks')),
    type: 'webhook.disabled',
    action: 'disable-webhook',
    object: `webhook/${delivery.endpoint}`,
    outcome: 'allow',
    reason: because,
    before: null,
    after: null,
  });
}
