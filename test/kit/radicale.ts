import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startLoopbackProcess } from './loopback-process.ts';
import { programPath } from './programs.ts';

/** A real Radicale with one calendar, as its account and as somebody who keeps it by hand would use it. */
export interface TestRadicale {
  /** Of the calendar. */
  readonly url: string;
  /** One request with the account's own password. */
  ask(
    method: string,
    name: string,
    asking?: RadicaleAsking,
  ): Promise<{ status: number; etag: string | null; text: string }>;
  /** Every object in the calendar, by its name. */
  objects(): Promise<Map<string, string>>;
  /** Ends it, without a word to anybody; `restart` brings it back with what it had. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface RadicaleAsking {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const RADICALE_USER = 'interlock';
export const RADICALE_PASSWORD = 'a-password-of-radicale';
const COLLECTION = `<?xml version="1.0"?><c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:set><d:prop><d:displayname>Production</d:displayname></d:prop></d:set></c:mkcalendar>`;

export async function startRadicale(): Promise<TestRadicale> {
  const folder = await mkdtemp(path.join(tmpdir(), 'interlock-radicale-'));
  const port = await freePort();
  const file = (name: string) => path.join(folder, name);
  await writeFile(file('users'), `${RADICALE_USER}:${RADICALE_PASSWORD}\n`);
  await writeFile(
    file('config'),
    `[server]\nhosts = 127.0.0.1:${port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = ${file('users')}\nhtpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = ${file('kept')}\n[web]\ntype = none\n`,
  );
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/${RADICALE_USER}/production/`;
  const launch = () =>
    startLoopbackProcess([programPath('radicale'), '--config', file('config')], {
      // Anything that it answers: it has no page that says so.
      isReady: () =>
        fetch(origin, { redirect: 'manual' }).then(
          () => true,
          () => false,
        ),
      logFile: file('log'),
    });
  let running = await launch();
  const authorization = `Basic ${Buffer.from(`${RADICALE_USER}:${RADICALE_PASSWORD}`).toString('base64')}`;
  const ask: TestRadicale['ask'] = async (method, name, { body, headers } = {}) => {
    const answer = await fetch(new URL(name, url), {
      method,
      headers: { authorization, ...headers },
      ...(body !== undefined && { body }),
    });
    return { status: answer.status, etag: answer.headers.get('etag'), text: await answer.text() };
  };
  const made = await ask('MKCALENDAR', '', { body: COLLECTION });
  if (made.status !== 201)
    throw new Error(`expected a calendar to be made, got \`${made.status}\` ${made.text}`);
  return {
    url,
    ask,
    objects: async () => {
      const { text } = await ask('PROPFIND', '', { headers: { depth: '1' } });
      const names = [...text.matchAll(/<href>[^<]*\/([^/<]+\.ics)<\/href>/g)].map(([, name]) => name ?? '');
      return new Map(
        await Promise.all(
          [...new Set(names)].map(async (name) => [name, (await ask('GET', name)).text] as const),
        ),
      );
    },
    kill: () => running.kill(),
    restart: async () => {
      running = await launch();
    },
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
