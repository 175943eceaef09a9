import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How the network between runner and server is. */
export type Network =
  | 'whole'
  /** Nothing arrives and connections break. */
  | 'cut'
  /** What is sent arrives; no answer comes back. */
  | 'half-open'
  /** What is sent is lost without a word. */
  | 'silent'
  | 'slow'
  /** Each request arrives twice, and the second answer is the one that is heard. */
  | 'twice';

/** The requests by which a run moves, before the server hears them and before the runner hears the answer. */
export interface Passing {
  readonly what: 'start' | 'advance' | 'take-over';
  /** Counted over all three. */
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/** The way between the runners of a history and its server. */
export interface Way {
  readonly url: string;
  network: Network;
  /** Waited for: whatever it does is done before the request, or the answer, goes on. */
  onPassing: (passing: Passing) => Promise<void>;
  /** Grants in answers that the runner was sent. */
  readonly grants: Set<string>;
  stop(): Promise<void>;
}

const SLOW_MS = 700;
const MOVES = [
  [/\/changes\/[^/]+\/runs$/, 'start'],
  [/\/advance$/, 'advance'],
  [/\/take-over$/, 'take-over'],
] as const;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A proxy on the loopback interface in front of a server. */
export async function openWay(target: string): Promise<Way> {
  let nth = 0;
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const sent = await sentBy(request);
    const what = sent.method === 'POST' ? MOVES.find(([pattern]) => pattern.test(sent.path))?.[1] : undefined;
    const counted = what === undefined ? null : { what, nth: (nth += 1) };
    if (counted !== null) await way.onPassing({ ...counted, when: 'before' });
    if (way.network === 'cut') return void request.socket.resetAndDestroy();
    if (way.network === 'silent') return;
    if (way.network === 'slow') await sleep(SLOW_MS);
    if (way.network === 'twice') await ask(target, sent);
    const answer = await ask(target, sent);
    if (counted !== null) await way.onPassing({ ...counted, when: 'after' });
    const now: Network = network();
    if (now === 'cut') return void request.socket.resetAndDestroy();
    if (now === 'half-open' || now === 'silent') return;
    if (now === 'slow') await sleep(SLOW_MS);
    const grant = what === 'advance' ? /"grant":\{"id":"([^"]+)"/.exec(answer.text)?.[1] : undefined;
    if (grant !== undefined) way.grants.add(grant);
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text);
  };
  // It changes while a request is on its way.
  const network = () => way.network;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  const way: Way = {
    url: `http://127.0.0.1:${address.port}`,
    network: 'whole',
    onPassing: async () => undefined,
    grants: new Set(),
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return way;
}

async function sentBy(request: IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const names = ['authorization', 'interlock-bastion', 'content-type', 'accept'];
  const headers: Record<string, string> = {};
  for (const name of names) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers,
    body: new Uint8Array(Buffer.concat(chunks)),
  };
}

async function ask(target: string, { method, path, headers, body }: Sent) {
  const init = method === 'GET' ? { method, headers } : { method, headers, body };
  const response = await fetch(target + path, init);
  const type = response.headers.get('content-type') ?? 'application/json';
  return { status: response.status, type, text: await response.text() };
}
