import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Witness } from './witness.ts';

/** A witness that answers. */
export interface WitnessServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface WitnessListening {
  readonly host: string;
  readonly port: number;
  /** Told what went wrong inside, one line; the answer says no more than that it did. */
  readonly onError: (error: unknown) => void;
}

/** The longest request: a note and sixty-three hashes are far below. */
const MAX_BYTES = 65_536;
const TIMEOUT_MS = 10_000;

/** Serves `POST /add-checkpoint` (c2sp.org/tlog-witness), and nothing else. */
export async function serveWitness(
  witness: Witness,
  { host, port, onError }: WitnessListening,
): Promise<WitnessServer> {
  const server = createServer({ requestTimeout: TIMEOUT_MS }, (request, response) => {
    respond(witness, request, response).catch((error: unknown) => {
      onError(error);
      end(response, 500, 'expected to answer, got an error of the witness\n');
    });
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, done);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await witness.close();
    },
  };
}

async function respond(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== '/add-checkpoint') return end(response, 404, 'expected `/add-checkpoint`\n');
  if (request.method !== 'POST') return end(response, 405, 'expected `POST`\n');
  const body = await readBody(request);
  if (body === null) return end(response, 413, `expected at most ${MAX_BYTES} bytes\n`);
  const answer = await witness.addCheckpoint(body);
  end(response, answer.status, answer.body, answer.type);
}

/** The whole body, or `null` where it is too long. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function end(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
}
