import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a peer that means ill, or whatever stands in its place, may answer to anything that it is asked. */
export type HostileManner = keyof typeof ANSWERS;

/** A peer that answers like that; what it sent, and who was led where it points. */
export interface HostilePeer {
  readonly url: string;
  readonly port: number;
  behave(manner: HostileManner): void;
  /** Bytes that it got rid of since it was told how to behave. */
  sent(): number;
  /** How many were asked at the address inside that its redirects lead to. */
  lured(): number;
  /** Resolves when nobody hangs on it any more. */
  letGo(): Promise<void>;
  stop(): Promise<void>;
}

/** Whoever unpacks it finds what several peers answer where they took something. */
const INSIDE = JSON.stringify({ ok: true, channel: 'C1', ts: '1700000000.000001', id: '1', acct: 'status' });
/** A megabyte that is unpacked by itself: put there again and again it is what packed gigabytes would be, and nobody packs any here. */
const PIECE = gzipSync(Buffer.alloc(1_048_576, ' '));
/** 4 GiB in 10 KB: packed twice, as HTTP may. */
export const BOMB = gzipSync(
  Buffer.concat([...Array.from({ length: 4_096 }, () => PIECE), gzipSync(INSIDE)]),
  { level: 9 },
);
const CHUNK = Buffer.alloc(65_536, ' ');
const JSON_TYPE = { 'content-type': 'application/json' };

/** Writes for as long as somebody takes it. */
function endless(response: ServerResponse, chunk: Buffer | string, everyMs: number | null): void {
  const more = () => {
    if (response.destroyed) return;
    if (everyMs === null) response.write(chunk, () => setImmediate(more));
    else response.write(chunk, () => setTimeout(more, everyMs));
  };
  more();
}

const ANSWERS = {
  'leads to an address inside': (response: ServerResponse, trap: string) =>
    response.writeHead(307, { location: trap }).end(),
  'sends without end': (response: ServerResponse) => {
    response.writeHead(200, JSON_TYPE);
    endless(response, CHUNK, null);
  },
  'sends one byte at a time': (response: ServerResponse) => {
    response.writeHead(200, JSON_TYPE);
    endless(response, ' ', 5);
  },
  'packs a bomb': (response: ServerResponse) =>
    response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip, gzip' }).end(BOMB),
  'is gone': (response: ServerResponse) => void response.socket?.destroy(),
  'says less than it sends': (response: ServerResponse) => {
    response.socket?.end(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}{"id":1}',
    );
  },
  'says more than it sends': (response: ServerResponse) => {
    response.socket?.end(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"ok":true}',
    );
  },
  'says all is well, in a page': (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>'),
  'wants to be left alone for thirty years': (response: ServerResponse) =>
    response.writeHead(429, { ...JSON_TYPE, 'retry-after': '999999999' }).end('{}'),
  'hangs after its headers': (response: ServerResponse) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' }).flushHeaders();
  },
  'sends headers without end': (response: ServerResponse) => {
    response.socket?.write('HTTP/1.1 200 OK\r\n');
    const { socket } = response;
    const more = () =>
      void (
        socket?.destroyed === false &&
        socket.write(`x-${Math.random()}: ${'x'.repeat(8_000)}\r\n`, () => setImmediate(more))
      );
    more();
  },
  'nests without end': (response: ServerResponse) =>
    response.writeHead(200, JSON_TYPE).end('['.repeat(400_000)),
} as const;
export const HOSTILE = Object.keys(ANSWERS) as HostileManner[];

async function listen(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

export async function startHostilePeer(): Promise<HostilePeer> {
  let manner: HostileManner = HOSTILE[0]!;
  let lured = 0;
  let counted = 0;
  const trap = createServer((_, response) => {
    lured += 1;
    response.writeHead(200, JSON_TYPE).end('{"ok":true,"id":1}');
  });
  const inside = `http://127.0.0.1:${await listen(trap)}/secret`;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    request.resume();
    // A client that keeps connections would hold this one.
    response.setHeader('connection', 'close');
    ANSWERS[manner](response, inside);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      counted += socket.bytesWritten;
      sockets.delete(socket);
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    behave: (how) => {
      manner = how;
      counted = 0;
    },
    sent: () => counted,
    lured: () => lured,
    letGo: async () => {
      await Promise.all([...sockets].map((socket) => new Promise((done) => socket.once('close', done))));
    },
    stop: async () => {
      for (const one of [server, trap]) {
        one.closeAllConnections();
        await new Promise((done) => one.close(done));
      }
    },
  };
}
