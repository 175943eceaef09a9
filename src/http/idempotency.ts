import type { FastifyRequest } from 'fastify';
import type { AppContext } from '../app/context.ts';
import { digestOf, digestOfBytes } from '../app/digest.ts';
import { AppError } from '../contract/errors.ts';
import { idempotencyKey } from '../contract/idempotency.ts';
import type { Api } from './api.ts';

const V1 = '/api/v1';
const ASKS = 'it asks, and nothing but what was answered is kept';
const BEATS = 'it says that something goes on; said again it says the same';
const RUNNER = 'the epoch and the place in the run say what is said again';
const SIGNS_IN = 'nobody is known before it, and what it begins ends by itself';

/** The POST routes that take no `Idempotency-Key`, and why none is needed. */
export const UNKEYED: Readonly<Record<string, string>> = {
  [`${V1}/session`]: SIGNS_IN,
  [`${V1}/sign-in/flows`]: SIGNS_IN,
  [`${V1}/sign-in/return`]: SIGNS_IN,
  [`${V1}/sign-in/terminal`]: SIGNS_IN,
  [`${V1}/authentications`]: 'it proves who calls at this moment; a proof that is kept proves nothing',
  [`${V1}/rota/sources/:rota/import`]: 'it reads a calendar anew, as the clock does',
  [`${V1}/ledger/checkpoint`]: 'it signs what there is; where nothing was added it is the same checkpoint',
  [`${V1}/ledger/verify`]: ASKS,
  [`${V1}/decisions`]: ASKS,
  [`${V1}/locks/preview`]: ASKS,
  [`${V1}/changes/:id/slot-preview`]: ASKS,
  [`${V1}/changes/preview`]: ASKS,
  [`${V1}/claims/:claim/heartbeat`]: BEATS,
  [`${V1}/runs/:run/heartbeat`]: BEATS,
  [`${V1}/changes/:change/waits/:wait/heartbeat`]: BEATS,
  [`${V1}/changes/:change/waits/:wait/end`]: 'a wait ends once',
  [`${V1}/runs/:run/leave`]: RUNNER,
  [`${V1}/runs/:run/advance`]: RUNNER,
  [`${V1}/runs/:run/journal`]: RUNNER,
  [`${V1}/notices/read`]: 'what is read stays read',
  [`${V1}/webhooks/alertmanager`]: 'a delivery is known by its bytes',
  [`${V1}/hooks/:name`]: 'a delivery is known by what its peer signed; a key of the peer is none of ours',
};

/** What is made under a key that names it for good, in the body: a runner finds its run by it. The header stands for it. */
export const KEYED_IN_BODY: ReadonlySet<string> = new Set([
  `${V1}/claims`,
  `${V1}/changes/:change/runs`,
  `${V1}/changes/:change/waits`,
  `${V1}/changes/:change/dry-runs`,
  `${V1}/runs/:run/take-over`,
]);

/** Whether a route takes the header. */
export function takesKey(method: string, url: string): boolean {
  return method === 'POST' && url.startsWith(V1) && UNKEYED[url] === undefined;
}

/**
 * `Idempotency-Key` on every POST that could do something twice: the same caller's same key and request gets the answer that was
 * given, and nothing is done again. The use case's own transaction looks the key up and keeps the answer.
 */
export function installIdempotency(app: Api, context: AppContext): void {
  app.addHook('preValidation', async (request) => {
    const key = keyOf(request);
    if (key !== null && KEYED_IN_BODY.has(routeOf(request))) putIntoBody(request, key);
  });
  app.addHook('preHandler', async (request) => {
    const key = keyOf(request);
    const route = routeOf(request);
    if (key === null || request.call === null || KEYED_IN_BODY.has(route)) return;
    const digest = holdsSecret(request) ? null : digestOfRequest(context, request);
    request.call = { ...request.call, repeat: { key, route, digest } };
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '';
}

/** The key of a request whose route takes one. @throws {AppError} `invalid` */
function keyOf(request: FastifyRequest): string | null {
  const text = request.headers['idempotency-key'];
  if (text === undefined || !takesKey(request.method, routeOf(request))) return null;
  // As the header's draft has it, a text in quotes; most clients send it without.
  const read = idempotencyKey.safeParse(String(text).replace(/^"(.*)"$/, '$1'));
  if (read.success) return read.data;
  throw new AppError(
    'invalid',
    `header idempotency-key: ${read.error.issues[0]?.message ?? 'expected a key, got another'}`,
  );
}

function putIntoBody(request: FastifyRequest, key: string): void {
  const { body } = request;
  if (typeof body !== 'object' || body === null) return;
  if ('idempotencyKey' in body && body.idempotencyKey !== key) {
    throw new AppError('invalid', 'expected one key, got another in the header than in the body');
  }
  Object.assign(body, { idempotencyKey: key });
}

/** An answer that is shown once is not kept, and of a password not even a digest: it could be guessed from that. */
function holdsSecret({ routeOptions: { config }, body }: FastifyRequest): boolean {
  const password: unknown = Object(body).password;
  return config.shownOnce === true || typeof password === 'string';
}

function digestOfRequest(context: AppContext, request: FastifyRequest): string {
  const { params, query, body, headers } = request;
  const sent = Buffer.isBuffer(body)
    ? { type: headers['content-type'] ?? '', bytes: digestOfBytes(context, body) }
    : (body ?? null);
  return digestOf(context, JSON.parse(JSON.stringify({ params, query, sent })));
}
