import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * How a peer takes what it is asked: well; too busy (5xx); cut in the answer; limiting, with a time to wait; refusing what it understood;
 * lying, a good status with something else; hanging; holding, doing what it is asked and never saying so; gone; echoing what it got in an
 * answer that is an error.
 */
export type Manner =
  'well' | 'busy' | 'cut' | 'limiting' | 'refusing' | 'lying' | 'hanging' | 'holding' | 'gone' | 'echoing';

/** A peer that behaves until it is told not to. */
export interface Peer {
  readonly url: string;
  readonly port: number;
  behave(manner: Manner): void;
  /** What it took, in order. */
  heard(): readonly unknown[];
  /** Resolves when nobody hangs on it any more. */
  letGo(): Promise<void>;
  /** Whether its protocol can say how long to wait. */
  readonly saysHowLong: boolean;
  stop(): Promise<void>;
}

/** A request as a peer reads it. */
export interface PeerRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface PeerAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Where the protocol answers in plain words. */
  readonly text?: string;
  /** Whether this request asked it to do something: then it counts as heard. */
  readonly took?: unknown;
}

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** A peer that speaks HTTP: `answer` is what its documentation says, the rest goes wrong as such peers do. */
export async function httpPeer(
  answer: (request: PeerRequest) => PeerAnswer,
  more: Partial<Record<Manner, (request: PeerRequest) => PeerAnswer>> = {},
): Promise<Peer> {
  let manner: Manner = 'well';
  const heard: unknown[] = [];
  const sockets = new Set<Socket>();
  const say = (response: ServerResponse, { status, headers, json: body, text, took }: PeerAnswer) => {
    if (took !== undefined) heard.push(took);
    if (text !== undefined)
      return void response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
    json(response, status, body ?? {}, headers);
  };
  const server = createServer((request, response) => {
    if (manner === 'gone') return void request.socket.destroy();
    void buffer(request).then((body) => {
      const read = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      const own = more[manner];
      if (own) return say(response, own(read));
      switch (manner) {
        case 'well':
          return say(response, answer(read));
        case 'holding': {
          const said = answer(read);
          if (said.took === undefined) return say(response, said);
          return void heard.push(said.took);
        }
        case 'busy':
          return json(response, 503, { error: 'busy' });
        case 'cut':
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
          return response.write('{"ok":', () => response.destroy());
        case 'limiting':
          return json(response, 429, { error: 'slow down' }, { 'retry-after': '7' });
        case 'refusing':
          return json(response, 422, { error: 'not like this' });
        case 'lying':
          return json(response, 200, { error: 'log in first' });
        case 'echoing':
          return json(response, 400, { error: `${JSON.stringify(request.headers)} ${body.toString()}` });
        case 'hanging':
        case 'gone':
          return undefined;
      }
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    behave: (how) => {
      manner = how;
    },
    heard: () => heard,
    letGo: () => Promise.all([...sockets].map(closed)).then(() => undefined),
    saysHowLong: true,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Resolves when a socket is closed. */
export function closed(socket: Socket): Promise<void> {
  return socket.destroyed ? Promise.resolve() : new Promise((done) => socket.once('close', () => done()));
}
