import { askOutside, type OutboundRequest } from './request.ts';

/** Longer than an attempt lasts: its signal ends it. */
const TIMEOUT_MS = 30_000;

/**
 * `fetch` for a client library that asks a peer of the configuration: no redirect is followed, an answer that is longer than `maxBytes`
 * is none, and one that came packed is not unpacked.
 */
export function boundedFetch(signal: AbortSignal, maxBytes: number): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    const answer = await askOutside({
      url: request.url,
      method: request.method as OutboundRequest['method'],
      headers: Object.fromEntries(request.headers),
      ...(body.length > 0 && { body }),
      timeoutMs: TIMEOUT_MS,
      maxBytes,
      allowPrivate: true,
      signal,
    });
    const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    );
    // Statuses that a `Response` cannot have are no answer of HTTP.
    const isEmpty = [204, 205, 304].includes(answer.status) || answer.body.length === 0;
    return new Response(isEmpty ? null : Buffer.from(answer.body), { status: answer.status, headers });
  };
}
