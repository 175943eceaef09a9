import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  originValidationResponse,
  type McpServer,
} from '@modelcontextprotocol/server';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../contract/errors.ts';
import { agentBehind } from './mcp-agent.ts';
import type { Client } from './client.ts';
import type { ToolSetting } from './mcp-tools.ts';

/** Larger than any plan with its scripts. */
const BODY_LIMIT_BYTES = 1_048_576;
/** Beyond it the connection is cut. */
const LET_GO_BY_BYTES = 4 * BODY_LIMIT_BYTES;

export interface McpHttpOptions {
  readonly host: string;
  readonly port: number;
  /** Host names answered beside the loopback names. */
  readonly allowedHosts: readonly string[];
  readonly clientOf: (token: string) => Client;
  readonly lintPolicy: ToolSetting['lintPolicy'];
  readonly serverOf: (setting: ToolSetting) => McpServer;
  readonly note: (line: string) => void;
}

export interface McpHttp {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves the tools by streamable HTTP at `/mcp`. Whoever asks brings the token of an agent, with every request; this program has none
 * of its own that it could lend. Foreign `Host` and `Origin` are turned away, as the protocol asks of a server on a loopback address
 * (https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning).
 */
export async function serveMcpHttp(options: McpHttpOptions): Promise<McpHttp> {
  const { host, port, note } = options;
  const answer = answering(options);
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    answer(request)
      .then((answered) => write(response, answered))
      .catch((error: unknown) => {
        note(`a request failed: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      });
  });
  await listening(server, host, port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${address.port}/mcp`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answering({ allowedHosts, clientOf, lintPolicy, serverOf, note }: McpHttpOptions) {
  const names = [...localhostAllowedHostnames(), ...allowedHosts];
  return async (incoming: IncomingMessage): Promise<Response> => {
    const body = await bodyOf(incoming);
    const request = requestOf(incoming, body);
    const foreign = hostHeaderValidationResponse(request, names) ?? originValidationResponse(request, names);
    if (foreign) return foreign;
    if (new URL(request.url).pathname !== '/mcp') return new Response(null, { status: 404 });
    const token = /^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (token === undefined) return challenge(401);
    if (body === 'too large') return new Response(null, { status: 413, headers: { connection: 'close' } });
    try {
      const client = clientOf(token);
      const setting = { client, agent: await agentBehind(client), lintPolicy };
      const handler = createMcpHandler(() => serverOf(setting), {
        maxRequestBodySize: BODY_LIMIT_BYTES,
        onerror: (error) => note(`a message was not taken: ${error.message}`),
      });
      return await handler.fetch(request);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'unauthenticated') return challenge(401);
      return error.code === 'forbidden' ? challenge(403) : new Response(null, { status: 503 });
    }
  };
}

/** Nothing more is said, as by the server itself. */
function challenge(status: 401 | 403): Response {
  return new Response(null, { status, headers: { 'www-authenticate': 'Bearer' } });
}

/** Read whole before anything is answered; what exceeds the limit is let go by, so that whoever sends it hears the answer. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (length > LET_GO_BY_BYTES) break;
  }
  return length > BODY_LIMIT_BYTES ? 'too large' : Buffer.concat(chunks);
}

function requestOf(incoming: IncomingMessage, body: Buffer | 'too large'): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value].flat()) if (one !== undefined) sent.append(name, one);
  }
  // The address is of no one's choosing: what is asked is the path alone.
  const address = new URL(url.startsWith('/') ? url : '/', 'http://localhost');
  const hasBody = method !== 'GET' && method !== 'HEAD' && body !== 'too large';
  return new Request(address, {
    method,
    headers: sent,
    ...(hasBody && { body: new Uint8Array(body) }),
  });
}

async function write(response: ServerResponse, answered: Response): Promise<void> {
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  if (answered.body === null) {
    response.end();
    return;
  }
  // Whoever went away in mid-answer is no fault.
  await pipeline(Readable.fromWeb(answered.body), response).catch(() => undefined);
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('unavailable', `expected to listen on \`${host}:${port}\`, got none of it`, { cause }),
      ),
    );
    server.listen(port, host, () => resolve());
  });
}
