import type { Transport } from '../runner/session.ts';
import { loginOptions } from './by-login.ts';
import type { ClientOptions } from './client.ts';

/**
 * The runner's way to the server, with the person's token and the bastion's key. Throws where no answer comes. A hold whose token is
 * refused is said once more by the login here: whoever sits at the run can stop it to the end.
 */
export function runnerTransport(who: ClientOptions): Transport {
  const byToken = transportOf(who);
  const login = loginOptions(who);
  if (login === null) return byToken;
  const byLogin = transportOf(login);
  return async (asked) => {
    const answer = await byToken(asked);
    const run =
      asked.method === 'POST' ? /^\/api\/v1\/runs\/(RUN-\d+)\/hold$/.exec(asked.path)?.[1] : undefined;
    if (answer.status !== 401 || run === undefined) return answer;
    return byLogin({ ...asked, path: '/api/v1/stops/hold', body: { ...Object(asked.body), run } });
  };
}

function transportOf({ url, token, bastionKey, login }: ClientOptions): Transport {
  return async ({ method, path, body, timeoutMs }) => {
    const raw = Buffer.isBuffer(body);
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        accept: 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(bastionKey !== null && { 'interlock-bastion': bastionKey }),
        ...(login !== undefined && { 'interlock-login': login }),
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
