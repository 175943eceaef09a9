import { lookup as resolve } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './address.ts';

/** A request to an address that a person gave. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'PROPFIND' | 'REPORT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
  /** The longest answer that is taken. */
  readonly maxBytes: number;
  /** Whether addresses that are not public may be reached; the configuration says so, never the person. */
  readonly allowPrivate: boolean;
  readonly signal?: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
}

/** The request was not made, or got no whole answer. The message names no secret: of the address only its host. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  /** Whether trying again makes sense. */
  readonly retry: boolean;

  constructor(message: string, retry: boolean, options?: ErrorOptions) {
    super(message, options);
    this.retry = retry;
  }
}

/**
 * Asks an address that a person gave, and nothing else: only http and https, only public addresses, looked at as they are
 * connected to, so that a name that resolves differently the second time leads nowhere. A redirect is an answer, not followed.
 *
 * @throws {OutboundError}
 */
export async function askOutside(request: OutboundRequest): Promise<OutboundAnswer> {
  const url = outboundUrl(request.url, request.allowPrivate);
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  try {
    const answer = await send(url, request, signal);
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body: await readAtMost(answer, request.maxBytes),
    };
  } catch (cause) {
    if (cause instanceof OutboundError) throw cause;
    if (timeout.aborted) {
      const text = `expected an answer of \`${url.host}\` within ${request.timeoutMs / 1_000} s, got none`;
      throw new OutboundError(text, true, { cause });
    }
    throw new OutboundError(`expected an answer of \`${url.host}\`, got \`${reason(cause)}\``, true, {
      cause,
    });
  }
}

/** The address, if it is one that may be asked. @throws {OutboundError} */
export function outboundUrl(text: string, allowPrivate: boolean): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new OutboundError(
      'expected an address that begins with `https://` or `http://`, got another',
      false,
    );
  if (url.username !== '' || url.password !== '')
    throw new OutboundError(
      'expected an address without a name and a password in it, got one with them',
      false,
    );
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !allowPrivate && !isPublicAddress(host)) throw notPublic(url.hostname);
  return url;
}

function notPublic(host: string): OutboundError {
  return new OutboundError(
    `expected \`${host}\` to be a public address, got one that is not: the configuration would have to allow it`,
    false,
  );
}

function send(url: URL, request: OutboundRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method: request.method,
    headers: {
      'user-agent': 'interlock',
      'accept-encoding': 'identity',
      // Said here: of a DELETE with a body Node says nothing, and the peer would read it as the next request.
      ...(request.body && { 'content-length': String(request.body.byteLength) }),
      ...request.headers,
    },
    signal,
    // A connection of its own: one that is kept would pass by the lookup.
    agent: false,
    lookup: guardedLookup(request.allowPrivate),
  };
  return new Promise((done, failed) => {
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, done);
    sent.on('error', failed);
    sent.end(request.body);
  });
}

/** Resolves a name, and fails where any of its addresses is not public: such a name is not meant for us. */
function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '');
      if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address)))
        return done(notPublic(host), '');
      if (options.all === true) return done(null, addresses);
      const [first] = addresses;
      return first ? done(null, first.address, first.family) : done(new Error('ENOTFOUND'), '');
    });
  };
}

async function readAtMost(answer: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      answer.destroy();
      throw new OutboundError(`expected an answer of at most ${maxBytes} bytes, got a longer one`, true);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
