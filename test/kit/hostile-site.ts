import {
  createServer,
  request,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { authority, certificate } from './certificate.ts';

/** A site that wishes us ill, at a loopback port of its own. */
export interface HostileSite {
  readonly port: number;
  /** What a path answers with from now on. */
  answer(path: string, html: string, headers?: OutgoingHttpHeaders): void;
  /** Every path that was asked for. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export async function startHostileSite(): Promise<HostileSite> {
  const pages = new Map<string, readonly [html: string, headers: OutgoingHttpHeaders]>();
  const asked: string[] = [];
  const listened = await listening(
    createServer((asking, answering) => {
      asked.push(asking.url ?? '');
      const [html, headers] = pages.get(asking.url ?? '') ?? ['', {}];
      answering.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html);
    }),
  );
  return { ...listened, asked, answer: (path, html, headers = {}) => void pages.set(path, [html, headers]) };
}

/** What went through a door to a server. */
export interface Passed {
  readonly method: string | undefined;
  readonly status: number | undefined;
  /** The names of the cookies that went along. */
  readonly cookies: readonly string[];
}

export interface Door {
  readonly port: number;
  readonly passed: readonly Passed[];
  stop(): Promise<void>;
}

/** A door before a server, as a proxy is one: everything goes on as it came, and is noted. */
export async function startDoor(url: string): Promise<Door> {
  const passed: Passed[] = [];
  return { passed, ...(await listening(createServer(passOn(new URL(url), passed)))) };
}

/** The same by TLS, for `interlock.example`. */
export async function startTlsDoor(url: string): Promise<Door> {
  const passed: Passed[] = [];
  const { key, chain } = certificate(['interlock.example'], new Date('2049-12-31'), authority());
  const server = createTlsServer({ key, cert: chain }, passOn(new URL(url), passed));
  return { passed, ...(await listening(server)) };
}

function passOn({ hostname, port }: URL, passed: Passed[]): RequestListener {
  return (asking, answering) => {
    const { method, headers } = asking;
    const cookies = (headers.cookie ?? '').split('; ').map((one) => one.split('=')[0] ?? '');
    const onward = request({ hostname, port, method, path: asking.url, headers }, (answer) => {
      passed.push({ method, status: answer.statusCode, cookies });
      answering.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(answering);
    });
    onward.on('error', () => answering.destroy());
    answering.on('close', () => onward.destroy());
    asking.pipe(onward);
  };
}

async function listening(server: Server): Promise<{ readonly port: number; stop(): Promise<void> }> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
