import { RAW_LIMIT, type RawAnswer } from '../../contract/monitoring.ts';

/** Where something is asked, and until when. */
export interface Source {
  /** Address, with a path prefix and a user's name and password if need be. */
  readonly baseUrl: string;
  /** Ends every request of this source. */
  readonly signal: AbortSignal;
}

/** What came of one request; `startedMs` and `endedMs` are on the monotonic clock of this process. */
export type Reply = {
  readonly raw: RawAnswer;
  readonly startedMs: number;
  readonly endedMs: number;
} & (
  | {
      readonly answered: true;
      readonly status: number;
      readonly contentType: string;
      /** The whole body: an answer that is too long is none. */
      readonly body: string;
      /** The `Date` of the answer in epoch milliseconds, a whole second; `null` where there was none. */
      readonly dateMs: number | null;
    }
  | { readonly answered: false; readonly because: string }
);

const MAX_BYTES = 16 * 1_048_576;
/** Proxies refuse long addresses; Prometheus takes the same parameters as a form. */
const LONGEST_ADDRESS = 2_000;

/** Asks a source once: `ask(source, '/api/v1/query', { query: 'up' })`. Never throws; see `exchange`. */
export async function ask(
  source: Source,
  path: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const form = new URLSearchParams(parameters).toString();
  const asForm = form.length > LONGEST_ADDRESS;
  const said = `${asForm ? 'POST' : 'GET'} ${path}${form === '' ? '' : `?${decoded(parameters)}`}`;
  const send = () => {
    const { url, headers } = target(source.baseUrl, path);
    if (!asForm) url.search = form;
    return fetch(url, {
      method: asForm ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'cache-control': 'no-cache',
        ...headers,
      },
      body: asForm ? new URLSearchParams(parameters) : null,
      redirect: 'manual',
      signal: source.signal,
    });
  };
  return exchange(said, source.signal, send, isPacked);
}

/** Some KB may be unpacked to GBs, and `fetch` does so by itself: who reads them up to a limit works for that. */
function isPacked(response: Response): string | null {
  const encoding = response.headers.get('content-encoding') ?? 'identity';
  return encoding === 'identity' ? null : 'an answer that is not packed wanted; got one that is';
}

/**
 * Sends one request and reads the whole answer, up to 16 MiB, unless `whyNot` says why its body is none. Follow no redirect in `send`: one leads to a log-in page, not to an
 * answer. Never throws, and never says an address or a credential beyond `said`. Trying again is the caller's.
 */
export async function exchange(
  said: string,
  signal: AbortSignal,
  send: () => Promise<Response>,
  whyNot: (response: Response) => string | null = () => null,
): Promise<Reply> {
  const startedMs = performance.now();
  let status: number | null = null;
  const lost = (because: string): Reply => ({
    answered: false,
    because,
    raw: { request: said, status, body: because.slice(0, RAW_LIMIT), bytes: 0 },
    startedMs,
    endedMs: performance.now(),
  });
  try {
    const response = await send();
    status = response.status;
    const no = whyNot(response);
    if (no !== null) {
      void response.body?.cancel().catch(() => undefined);
      return lost(no);
    }
    const { text, bytes } = await readWhole(response);
    if (text === null) return lost(`an answer of at most ${MAX_BYTES} bytes wanted; got a longer one`);
    const date = Date.parse(response.headers.get('date') ?? '');
    return {
      answered: true,
      status,
      contentType: response.headers.get('content-type') ?? '',
      body: text,
      dateMs: Number.isNaN(date) ? null : date,
      raw: { request: said, status, body: text.slice(0, RAW_LIMIT), bytes },
      startedMs,
      endedMs: performance.now(),
    };
  } catch (error) {
    return lost(reason(error, signal, performance.now() - startedMs));
  }
}

function target(baseUrl: string, path: string): { url: URL; headers: Record<string, string> } {
  const url = new URL(baseUrl);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  url.hash = '';
  if (username === '' && password === '') return { url, headers: {} };
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

function decoded(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

async function readWhole(response: Response): Promise<{ text: string | null; bytes: number }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (bytes > MAX_BYTES) return { text: null, bytes };
    chunks.push(chunk);
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), bytes };
}

/** Why there was no answer, without the address: the cause of fetch's error says what the socket or TLS said. */
function reason(error: unknown, signal: AbortSignal, tookMs: number): string {
  if (signal.aborted) {
    return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
      ? `no answer within ${Math.round(tookMs)} ms`
      : `it was given up after ${Math.round(tookMs)} ms`;
  }
  const codes: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') codes.push(cause.code);
  }
  const code = codes.at(-1);
  return code === undefined ? 'no answer: the connection failed' : `no answer: ${MEANING[code] ?? code}`;
}

const MEANING: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'its name has no address',
  EHOSTUNREACH: 'no route to its host',
  UND_ERR_SOCKET: 'the connection was closed',
  ERR_INVALID_URL: 'its address is not one',
};
