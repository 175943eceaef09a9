import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import {
  insertAttempt,
  settleDelivery,
  takeDueDeliveries,
  tookSince,
  type Attempted,
  type DeliveryRow,
} from '../../store/webhook-deliveries.ts';
import { disableEndpoint, findEndpoint } from '../../store/webhook-endpoints.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { webhookHeaders } from './signature.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** When a message is tried again after its first, second … attempt; after the last it is given up. About three days in all. */
const AGAIN_MS = [
  15 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
const AT_ONCE = 20;
const GONE = 410;

/** Sends what is due, each to its endpoint. Gives how many were taken. */
export async function sendWebhooks(context: AppContext): Promise<number> {
  const due = await transact(context.db, (tx) => takeDueDeliveries(tx, AT_ONCE, AGAIN_MS));
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
    .then(({ status }): Attempted => ({ status }))
    .catch((error: unknown): Attempted => ({
      error: String(error instanceof Error ? error.message : error),
    }));
  const status = 'status' in attempted ? attempted.status : null;
  const taken = status !== null && status >= 200 && status < 300;
  await transact(context.db, async (tx) => {
    await insertAttempt(tx, id, attempted);
    if (taken) await settleDelivery(tx, id, 'delivered');
    else if (status === GONE) await giveUp(tx, context, delivery, 'it answered that it is gone');
    else if (delivery.attempts >= AGAIN_MS.length) await giveUp(tx, context, delivery, null);
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
