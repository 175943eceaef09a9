import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { closed } from './peer.ts';

/** Slack's side of socket mode (docs.slack.dev, "Using Socket Mode"): an address for a web socket, `hello`, envelopes and their answers. */
export interface SlackSocket {
  /** Where `apps.connections.open` is. */
  readonly api: string;
  /** Resolves when a client is connected that was not before. */
  connected(): Promise<void>;
  /** Sends an envelope; resolves with what the client answered to it. */
  send(type: string, payload: unknown): Promise<unknown>;
  /** Sends one that nobody answers. */
  push(message: Readonly<Record<string, unknown>>): void;
  /** Sends a message as it stands. */
  say(text: string): void;
  /** Sends bytes, of whatever frame. */
  bytes(sent: Buffer): void;
  /** How many connections were opened, and how many there are. */
  opened(): number;
  open(): number;
  /** Resolves when no connection is left. */
  letGo(): Promise<void>;
  /** Every answer so far, by envelope. */
  readonly answers: ReadonlyMap<string, unknown>;
  stop(): Promise<void>;
}

/** How it differs from Slack. */
export interface SocketManner {
  /** What it gives for an address, by its own. */
  readonly leadsTo?: (own: string) => string;
  /** What is said at once on each connection; `hello` without. */
  readonly greets?: readonly object[];
  /** Whether messages may be packed. */
  readonly packs?: boolean;
}

/** RFC 6455, section 1.3. */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const HELLO = { type: 'hello', num_connections: 1 };

export async function startSlackSocket(manner: SocketManner = {}): Promise<SlackSocket> {
  const answers = new Map<string, unknown>();
  const waiting = new Map<string, (answer: unknown) => void>();
  let sockets: Socket[] = [];
  let arrived: (() => void)[] = [];
  let unseen = 0;
  let envelopes = 0;
  let opened = 0;
  const server = createServer((_request, response) => {
    const { port } = server.address() as AddressInfo;
    response.writeHead(200, { 'content-type': 'application/json' });
    const own = `ws://127.0.0.1:${port}/link`;
    response.end(JSON.stringify({ ok: true, url: manner.leadsTo?.(own) ?? own }));
  });
  server.on('upgrade', (request, socket: Socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}${ACCEPT}`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${manner.packs === true ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''}\r\n`,
    );
    sockets.push(socket);
    opened += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets = sockets.filter((one) => one !== socket);
    });
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = readFrames(Buffer.concat([rest, bytes]), (opcode, text) => {
        if (opcode === 8) return void socket.end(frame(8, text), () => socket.destroy());
        if (opcode === 9) return void socket.write(frame(10, text));
        if (opcode !== 1) return;
        const { envelope_id: id, payload } = JSON.parse(text.toString()) as {
          envelope_id: string;
          payload: unknown;
        };
        answers.set(id, payload);
        waiting.get(id)?.(payload);
      });
    });
    for (const said of manner.greets ?? [HELLO]) socket.write(frame(1, Buffer.from(JSON.stringify(said))));
    unseen += 1;
    arrived.splice(0).forEach((tell) => tell());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const say: SlackSocket['say'] = (text) => void sockets.at(-1)?.write(frame(1, Buffer.from(text)));
  const push: SlackSocket['push'] = (message) => say(JSON.stringify(message));
  return {
    api: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    connected: async () => {
      if (unseen === 0) await new Promise<void>((tell) => arrived.push(tell));
      unseen -= 1;
    },
    send: (type, payload) => {
      envelopes += 1;
      const id = `envelope-${envelopes}`;
      const answer = new Promise((tell) => waiting.set(id, tell));
      push({ type, envelope_id: id, payload, accepts_response_payload: true });
      return answer;
    },
    push,
    say,
    bytes: (sent) => void sockets.at(-1)?.write(sent),
    opened: () => opened,
    open: () => sockets.length,
    letGo: () => Promise.all(sockets.map(closed)).then(() => undefined),
    answers,
    stop: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** One frame from a server: whole, and not masked; `packed` says of its body that it is. */
export function frame(opcode: number, body: Buffer, packed = false): Buffer {
  const head = Buffer.alloc(body.length < 126 ? 2 : 10);
  head[0] = 0x80 | (packed ? 0x40 : 0) | opcode;
  head[1] = body.length < 126 ? body.length : 127;
  if (body.length >= 126) head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

/** Reads the whole frames of a client, which are masked, and gives what is left over. */
function readFrames(bytes: Buffer, take: (opcode: number, body: Buffer) => void): Buffer {
  let rest = bytes;
  while (rest.length >= 6) {
    const short = rest[1]! & 0x7f;
    const start = short === 126 ? 4 : 2;
    const length = short === 126 ? rest.readUInt16BE(2) : short;
    if (rest.length < start + 4 + length) break;
    const mask = rest.subarray(start, start + 4);
    const body = Buffer.from(
      rest.subarray(start + 4, start + 4 + length).map((byte, at) => byte ^ mask[at % 4]!),
    );
    take(rest[0]! & 0x0f, body);
    rest = rest.subarray(start + 4 + length);
  }
  return rest;
}
