import type { Taken } from '../../app/ports/connection.ts';
import { RAW_LIMIT, type RawAnswer } from '../../contract/monitoring.ts';
import { secondKeyIn } from '../../kernel/json/second-key.ts';
import { askOutside, OutboundError, type OutboundAnswer, type OutboundRequest } from '../outbound/request.ts';
import { retryAfterMs } from './retry-after.ts';

type Asked = Pick<OutboundRequest, 'url' | 'method' | 'headers' | 'signal'> & {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** JSON already, sent as it stands: its bytes are signed. */
  readonly text?: string;
  /** Sent as the fields of a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Keeps what was answered, or that nothing was, as evidence. */
  readonly note?: ((raw: RawAnswer) => void) | undefined;
};

const MAX_BYTES = 1_048_576;
/** Of HTTP, of PagerDuty, of Opsgenie. */
const REST_HEADERS = ['retry-after', 'ratelimit-reset', 'x-ratelimit-period-in-sec'] as const;
/** Longer than an attempt lasts: its signal ends it. */
const TIMEOUT_MS = 30_000;

/** What a peer answered with a good status, or why it did not, as whoever retries needs it. */
export type PeerAnswer =
  | { readonly ok: true; readonly body: Uint8Array }
  | {
      readonly ok: false;
      readonly taken: Exclude<Taken, { kind: 'taken' }>;
      /** `null` where there was no answer. */
      readonly status: number | null;
    };

/**
 * Asks a peer of `integrations.yaml`, at an address of the configuration and so in private networks too. Redirects are not followed: a
 * credential is for one place.
 */
export async function askPeer({ json, form, text, note, ...asked }: Asked): Promise<PeerAnswer> {
  const body = form ? new URLSearchParams(form).toString() : (text ?? JSON.stringify(json));
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
  try {
    const answer = await askOutside({
      ...asked,
      headers: { ...(body !== undefined && { 'content-type': type }), ...asked.headers },
      ...(body !== undefined && { body: Buffer.from(body) }),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      allowPrivate: true,
    });
    note?.(rawOf(asked, answer));
    const taken = takenBy(answer, new URL(asked.url).host);
    return taken === null ? { ok: true, body: answer.body } : { ok: false, taken, status: answer.status };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    note?.({ request: requestText(asked), status: null, body: because, bytes: 0 });
    const retry = !(error instanceof OutboundError) || error.retry;
    return {
      ok: false,
      status: null,
      taken: retry ? { kind: 'later', because, retryAfterMs: null } : { kind: 'refused', because },
    };
  }
}

/** Of an address no host, and no header: none of it is a secret. */
function requestText({ method, url }: Pick<Asked, 'method' | 'url'>): string {
  const { pathname, search } = new URL(url);
  return `${method} ${pathname}${search}`;
}

function rawOf(asked: Pick<Asked, 'method' | 'url'>, { status, body }: OutboundAnswer): RawAnswer {
  const text = new TextDecoder().decode(body.subarray(0, RAW_LIMIT));
  return { request: requestText(asked), status, body: text.slice(0, RAW_LIMIT), bytes: body.length };
}

function takenBy(answer: OutboundAnswer, host: string): Exclude<Taken, { kind: 'taken' }> | null {
  const rest = restOf(answer.headers);
  return whyNot(answer.status, host, rest);
}

/** `Retry-After`, or the name that a peer has for its seconds; Mastodon says a date in a header that for others holds another number each. */
function restOf(headers: OutboundAnswer['headers']): number | null {
  const { 'x-ratelimit-reset': reset } = headers;
  const begins = typeof reset === 'string' && /^\d+$/.test(reset) ? undefined : reset;
  const said = [...REST_HEADERS.map((name) => headers[name]), begins];
  return said.map((one) => retryAfterMs(one, Date.now())).find((rest) => rest !== null) ?? null;
}

/**
 * Why a status is not a good one; `null` where it is. What a peer says in its body is not repeated: it may hold anything. Worth another
 * attempt are: too early, too many, its own trouble, and a redirect, as from whatever stands before it; not what it understood and will not do.
 */
export function whyNot(
  status: number,
  host: string,
  rest: number | null,
): Exclude<Taken, { kind: 'taken' }> | null {
  if (status >= 200 && status < 300) return null;
  const because = `expected \`${host}\` to take it, got status ${status}`;
  // Credentials that it does not take are put right by a person, and the message is kept until then.
  const mends = status === 401 || status === 403 || status === 408 || status === 425 || status === 429;
  if (mends || status < 400 || status >= 500)
    return { kind: 'later', because, retryAfterMs: rest, ...(status === 401 && { credential: 'refused' }) };
  return { kind: 'refused', because };
}

/**
 * What a peer says as JSON; `null` where it is none, as from whatever stands before a peer and says that all is well. A key that stands twice
 * is none either: of two readers one takes the first and one the last.
 */
export function jsonOf(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    return secondKeyIn(text) === null ? value : null;
  } catch {
    return null;
  }
}

/** A good status whose body is not what the protocol says: nobody knows what became of it, so it is sent again under the same id. */
export function lied(host: string, expected: string): Extract<Taken, { kind: 'later' }> {
  return {
    kind: 'later',
    because: `expected ${expected} from \`${host}\`, got a good status with something else`,
    retryAfterMs: null,
  };
}
