import { randomUUID } from 'node:crypto';
import { AppError, ERRORS, type ErrorCode } from '../contract/errors.ts';

/** Anything that reads an answer: the schemas of the contract do. */
interface Reader<T> {
  parse(value: unknown): T;
}

export interface Asking<T> {
  /** Bytes as they are, with their own `content-type`; anything else as JSON. */
  readonly body?: unknown;
  /** Reads the answer's body; without it the body is not looked at. */
  readonly answer?: Reader<T>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Told of the headers of an answer that is no error. */
  readonly onHeaders?: (headers: Headers) => void;
}

/** The HTTP API of a server, as the person (or service) whose token is used. */
export interface Client {
  readonly url: string;
  /**
   * One request. @throws {AppError} with the server's code where it answers an error, `unavailable` where it does not answer. A
   * refusal by policy has the code `refused` and the decision in `details.decision`.
   */
  ask<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, asking?: Asking<T>): Promise<T>;
  /** The body of an answer as it is, for what is no JSON. @throws {AppError} as `ask` does. */
  download(method: 'GET' | 'POST', path: string): Promise<Uint8Array>;
}

export interface ClientOptions {
  readonly url: string;
  readonly token: string | null;
  /** The key of the bastion that this runs on. */
  readonly bastionKey: string | null;
  /** Who is logged in here; said where no token says who asks, to what stops work. */
  readonly login?: string;
}

/** A client of the server at an address. Nothing is contacted yet. */
export function createClient(options: ClientOptions): Client {
  const { url, token, bastionKey, login } = options;
  return {
    url,
    async ask(method, path, asking = {}) {
      const { body, answer, headers, signal, onHeaders } = asking;
      const response = await reach(new URL(path, url), {
        method,
        headers: {
          accept: 'application/json',
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...(bastionKey !== null && { 'interlock-bastion': bastionKey }),
          ...(login !== undefined && { 'interlock-login': login }),
          ...(method === 'POST' && { 'idempotency-key': keyFor(body) }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && {
          body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
        }),
        ...(signal && { signal }),
        redirect: 'error',
      });
      const value = await bodyOf(response);
      if (!response.ok) throw errorOf(response.status, value);
      onHeaders?.(response.headers);
      return readAnswer(answer, value, url);
    },
    async download(method, path) {
      const response = await reach(new URL(path, url), {
        method,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        redirect: 'error',
      });
      if (!response.ok) throw errorOf(response.status, await bodyOf(response));
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** One intention, one key: what is made under a key of its own for good names it in the body. */
function keyFor(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('idempotencyKey' in body)) return randomUUID();
  return String(body.idempotencyKey);
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const got = reason instanceof Error ? codeOf(reason) : String(reason);
    throw new AppError(
      'unavailable',
      `expected an Interlock server at \`${url.origin}\`, got \`${got}\`: start one with \`interlock serve\`, or name it by INTERLOCK_URL`,
      { cause },
    );
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('json') !== true) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('internal', 'expected JSON from the server, got something else', { cause });
  }
}

function errorOf(status: number, value: unknown): AppError {
  if (typeof value !== 'object' || value === null || !('code' in value) || !isCode(value.code)) {
    return new AppError(
      'internal',
      `expected an answer of an Interlock server, got status \`${status}\` and no code`,
    );
  }
  const { code, ...details } = value;
  const message =
    'message' in value && typeof value.message === 'string' ? withoutPlace(value.message) : undefined;
  if (code === 'unauthenticated') return new AppError(code, SIGN_IN);
  if (code === 'forbidden') return new AppError(code, NOT_ALLOWED);
  return new AppError(code, message, { details });
}

/** Where in the request something was wrong is known to whoever sent a body; at a terminal what was typed is what counts. */
function withoutPlace(message: string): string {
  return message.replace(/^(?:params|querystring)\/[^:\s]*: |^body\/: |^body\//, '');
}

const SIGN_IN =
  'Not signed in: give a token by INTERLOCK_TOKEN, INTERLOCK_TOKEN_FILE or --token-file, or run `interlock login`.';

/** The server says no more than that on purpose; where to look it up is no secret. */
const NOT_ALLOWED =
  'Not allowed: `interlock whoami` shows the roles and scopes of this token, and what executes needs the key of its bastion (INTERLOCK_BASTION_KEY_FILE).';

function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

function readAnswer<T>(answer: Reader<T> | undefined, value: unknown, url: string): T {
  // Who gives no reader asks for no type: `ask` then answers `undefined`.
  if (!answer) return undefined as T;
  try {
    return answer.parse(value);
  } catch (cause) {
    throw new AppError(
      'internal',
      `expected an answer of this version's form from \`${url}\`, got another: use the same version on both sides`,
      { cause },
    );
  }
}
