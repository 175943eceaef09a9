import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

/** A way in which what stands between us and a real program goes wrong. */
export type Misbehaviour = keyof typeof BEHAVIOURS;

/** A proxy in front of a real program that behaves until it is told not to. */
export interface MisbehavingProxy {
  readonly url: string;
  /** From now on; `only` limits it to paths that contain this text. */
  behave(how: Misbehaviour, only?: string): void;
  /** Requests that came since it was last told how to behave. */
  answered(): number;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Asks the real program, with another path if given. */
  readonly upstream: (path?: string) => Promise<Answer>;
  /** What was answered to the same path while it behaved. */
  readonly earlier: Map<string, Answer>;
}

const LOGIN_PAGE = '<!doctype html><title>Log in</title><form><input name="user"></form>';

const BEHAVIOURS = {
  well: async ({ request, response, upstream, earlier }: Passing) => {
    const answer = await upstream();
    earlier.set(request.url ?? '', answer);
    send(response, answer);
  },
  hang: async () => undefined,
  'hang in the body': async ({ response }: Passing) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"status":"succ');
  },
  unavailable: async ({ response }: Passing) =>
    send(response, { status: 503, contentType: 'text/plain', body: 'Service Unavailable' }),
  'log-in page': async ({ response }: Passing) =>
    send(response, { status: 200, contentType: 'text/html', body: LOGIN_PAGE }),
  'redirect to a log-in page': async ({ response }: Passing) => {
    response.writeHead(302, { location: '/login' }).end();
  },
  'truncated JSON': async ({ response, upstream }: Passing) => {
    const answer = await upstream();
    send(response, { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * 0.6)) });
  },
  'connection cut in the body': async ({ response, upstream }: Passing) => {
    const { body } = await upstream();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, 10), () => response.destroy());
  },
  'status: error': async ({ response }: Passing) =>
    send(response, {
      status: 200,
      contentType: 'application/json',
      body: '{"status":"error","errorType":"execution","error":"the store is gone"}',
    }),
  'strip parameters': async ({ request, response, upstream }: Passing) =>
    send(response, await upstream((request.url ?? '').split('?', 1)[0])),
  'strip partial_response': async ({ request, response, upstream }: Passing) =>
    send(response, await upstream((request.url ?? '').replace(/[?&]partial_response=[^&]*/, ''))),
  'answer from a cache': async ({ request, response, earlier, upstream }: Passing) =>
    send(response, earlier.get(request.url ?? '') ?? (await upstream())),
  'reset the connection': async ({ request }: Passing) => {
    request.socket.resetAndDestroy();
  },
} satisfies Record<string, (passing: Passing) => Promise<unknown>>;

/**
 * Starts a proxy before `upstreamUrl`.
 * @param tls a certificate that nobody trusts makes it speak TLS
 */
export async function startMisbehavingProxy(
  upstreamUrl: string,
  tls?: { readonly key: string; readonly cert: string },
): Promise<MisbehavingProxy> {
  let behaviour: { readonly how: Misbehaviour; readonly only: string } = { how: 'well', only: '' };
  const earlier = new Map<string, Answer>();
  let requests = 0;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    requests += 1;
    const path = request.url ?? '';
    const how = path.includes(behaviour.only) ? behaviour.how : 'well';
    const upstream = (changed = path) => askUpstream(upstreamUrl + changed);
    BEHAVIOURS[how]({ request, response, upstream, earlier }).catch(() => response.destroy());
  };
  const server = tls ? createHttpsServer(tls, handle) : createHttpServer(handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${address.port}`,
    behave: (how, only = '') => {
      behaviour = { how, only };
      requests = 0;
    },
    answered: () => requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function askUpstream(url: string): Promise<Answer> {
  const response = await fetch(url);
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: await response.text(),
  };
}

function send(response: ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}
