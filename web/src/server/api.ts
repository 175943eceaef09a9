import { noteAnswer, noteSilence } from './connection.ts';

/** An answer of the server that is not the one asked for: its code, a text made for people, and what it says besides. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** Asks the server; throws an `ApiError` for any answer but 2xx. `T` is the contract's type of the answer. */
export async function api<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await ask(path, init);
  return (response.status === 204 ? null : await response.json()) as T;
}

/** The same for a body that is no JSON. */
export async function apiText(path: string, init: RequestInit = {}): Promise<string> {
  return (await ask(path, init)).text();
}

/** Sends a document with a method that changes something. */
export function send<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  more: Pick<RequestInit, 'headers' | 'signal'> = {},
): Promise<T> {
  return api<T>(path, { ...more, method, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

/** What is read, with the tag that a write for it bears as `If-Match`; `T` is the contract's type of the answer. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as of `api`
export async function apiTagged<T>(path: string): Promise<{ readonly value: T; readonly tag: string }> {
  const response = await ask(path, {});
  return { value: (await response.json()) as T, tag: response.headers.get('etag') ?? '' };
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  // What a page of another origin cannot send without being allowed to.
  headers.set('interlock-csrf', '1');
  if (init.body !== undefined && !headers.has('content-type'))
    headers.set('content-type', 'application/json');
  const response = await fetch(`/api/v1${path}`, { ...init, headers, credentials: 'same-origin' }).catch(
    (error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) noteSilence();
      throw error;
    },
  );
  noteAnswer(response);
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const { code, message, ...details } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  return new ApiError(
    response.status,
    typeof code === 'string' ? code : 'unknown',
    typeof message === 'string' ? message : `The server answered ${response.status} without saying why.`,
    details,
  );
}
