import type { DeliveryLog, DeliveryQuery, NewWebhook, WebhookView } from '../../contract/webhooks.ts';
import { AppError } from '../../contract/errors.ts';
import type { Transaction } from '../../store/database.ts';
import {
  deliveriesOf,
  insertDelivery,
  sendAgain,
  type LoggedDelivery,
} from '../../store/webhook-deliveries.ts';
import {
  disableEndpoint,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
  nextGeneration,
  type EndpointRow,
} from '../../store/webhook-endpoints.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { pageOf } from '../page-of.ts';
import { newId } from '../secrets.ts';
import { webhookSecret } from './signature.ts';

type WithSecret = WebhookView & { readonly secret: string };

/** Adds an endpoint, and shows its secret this once. It hears of what is recorded from now on. */
export async function addWebhook(
  context: AppContext,
  call: Call,
  { url, description, types }: NewWebhook,
): Promise<Outcome<WithSecret>> {
  const deed = { type: 'webhook.added', action: 'add-webhook', object: 'webhook/new' };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const why = context.outside.whyNot(url);
    if (why !== null) return refuse('invalid', why);
    const { person } = call.actor;
    const row = await insertEndpoint(tx, { id: newId('hook'), url, description, types, by: person });
    return done({
      value: { ...webhookView(row), secret: webhookSecret(context, row) },
      object: `webhook/${row.id}`,
      reason: `hears of ${types.join(' ')}`,
      digests: { url: digestOf(context, url) },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Gives an endpoint another secret, shown this once; messages bear the signature of the former one too for a day. */
export async function rotateWebhook(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<WithSecret>> {
  const deed = { type: 'webhook.rotated', action: 'rotate-webhook', object: `webhook/${id}` };
  return onEndpoint(context, call, { id, deed }, async (tx) => {
    await nextGeneration(tx, id);
    const row = await held(tx, id);
    const value = { ...webhookView(row), secret: webhookSecret(context, row) };
    return done({ value, reason: 'another secret', details: { generation: row.generation } });
  });
}

/** Ends an endpoint; its log stays. */
export async function removeWebhook(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<WebhookView>> {
  const deed = { type: 'webhook.removed', action: 'remove-webhook', object: `webhook/${id}` };
  return onEndpoint(context, call, { id, deed }, async (tx) => {
    if (!(await disableEndpoint(tx, id, `removed by ${call.actor.person}`)))
      return refuse('conflict', 'expected an endpoint that hears, got one that is disabled');
    return done({ value: webhookView(await held(tx, id)), reason: 'removed' });
  });
}

/** Sends a trial, or a message of the log once more. */
export async function sendToWebhook(
  context: AppContext,
  call: Call,
  id: string,
  delivery: string | null,
): Promise<Outcome<WebhookView>> {
  const deed = { type: 'webhook.sent', action: 'send-webhook', object: `webhook/${id}` };
  return onEndpoint(context, call, { id, deed }, async (tx, row) => {
    if (row.disabled_at !== null)
      return refuse('conflict', 'expected an endpoint that hears, got one that is disabled');
    if (delivery === null) await insertDelivery(tx, trial(id));
    else if (!(await sendAgain(tx, id, delivery)))
      return refuse('not_found', `expected a message of this endpoint, got \`${delivery}\``);
    return done({ value: webhookView(row), reason: delivery === null ? 'a trial' : `${delivery} once more` });
  });
}

function trial(endpoint: string) {
  const type = 'webhook.trial';
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data: {} });
  return { id: newId('msg'), endpoint, ledger_index: null, type, body };
}

/** Every endpoint, without secrets. */
export async function readWebhooks({ db }: AppContext): Promise<WebhookView[]> {
  return (await listEndpoints(db)).map(webhookView);
}

/** One endpoint, without its secret. */
export async function readWebhook({ db }: AppContext, id: string): Promise<Outcome<WebhookView>> {
  const row = await findEndpoint(db, id);
  return row
    ? done(webhookView(row))
    : refuse('not_found', `expected a webhook, got \`${id}\`, which there is none of`);
}

/** What became of the newest messages to an endpoint. @throws {AppError} `not_found` */
export async function readDeliveries(
  { db }: AppContext,
  id: string,
  { before, limit }: DeliveryQuery,
): Promise<DeliveryLog> {
  if (!(await findEndpoint(db, id)))
    throw new AppError('not_found', `expected a webhook, got \`${id}\`, which there is none of`);
  const rows = await deliveriesOf(db, id, { before: before ?? null, limit: limit + 1 });
  const { page, next } = pageOf(rows, limit, (row) => row.id);
  return { deliveries: page.map(deliveryView), next };
}

async function onEndpoint<T>(
  context: AppContext,
  call: Call,
  { id, deed }: { readonly id: string; readonly deed: Parameters<typeof carryOut>[2] },
  work: (tx: Transaction, row: EndpointRow) => Promise<Outcome<Result<T>>>,
): Promise<Outcome<T>> {
  const outcome = await carryOut(context, call, deed, async (tx): Promise<Outcome<Result<T>>> => {
    const row = await lockEndpoint(tx, id);
    return row
      ? work(tx, row)
      : refuse('not_found', `expected a webhook, got \`${id}\`, which there is none of`);
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

async function held(tx: Transaction, id: string): Promise<EndpointRow> {
  const row = await findEndpoint(tx, id);
  if (!row) throw new Error(`expected the endpoint \`${id}\` that is held, got none`);
  return row;
}

export function webhookView(row: EndpointRow): WebhookView {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    types: [...row.types],
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    disabledAt: row.disabled_at?.toISOString() ?? null,
    disabledBecause: row.disabled_because,
  };
}

function deliveryView(row: LoggedDelivery): DeliveryLog['deliveries'][number] {
  const open = row.delivered_at === null && row.given_up_at === null;
  return {
    id: row.id,
    type: row.type,
    ledgerIndex: row.ledger_index?.toString() ?? null,
    createdAt: row.created_at.toISOString(),
    state: row.delivered_at !== null ? 'delivered' : row.given_up_at !== null ? 'given-up' : 'waiting',
    nextAttemptAt: open ? row.next_attempt_at.toISOString() : null,
    attempts: row.log.map(({ at, status, error }) => ({ at: new Date(at).toISOString(), status, error })),
  };
}
