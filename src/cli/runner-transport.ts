import type { Transport } from '../runner/session.ts';
import type { ClientOptions } from './client.ts';

/** The runner's way to the server, with the person's token and the bastion's key. Throws where no answer comes. */
export function runnerTransport({ url, token, bastionKey }: ClientOptions): Transport {
  return async ({ method, path, body, timeoutMs }) => {
    const raw = Buffer.isBuffer(body);
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        accept: 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(bastionKey !== null && { 'interlock-bastion': bastionKey }),
        ...(method !== 'GET' && { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
      },
      ...(method !== 'GET' && { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    });
    const text = await response.text();
    return { status: response.status, body: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
