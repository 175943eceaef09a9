import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What becomes of a commit: heard and its answer lost, lost on its way, or the server dies as it comes. */
export type Fate = 'answer lost' | 'commit lost' | 'server dies';

/** A way to a PostgreSQL on a Unix socket on which one commit goes wrong. */
export interface CommitDoor {
  readonly url: string;
  /** Of the next transaction that sends this text; `die` is called for the fate that needs it. */
  spoil(text: string, fate: Fate, die?: () => void): void;
  /** Commits that were spoilt so far. */
  spoilt(): number;
  close(): Promise<void>;
}

const SOCKET = '.s.PGSQL.5432';
/** The message that a client commits by: a simple query. */
const COMMIT = 'Q\0\0\0\u000bcommit\0';
/** The message that says what became of it. */
const COMMITTED = /C\0\0\0.(?:COMMIT|ROLLBACK)\0/s;

/** @param target address with the socket's folder as its `host` parameter, as the embedded server has it. */
export async function openCommitDoor(target: string): Promise<CommitDoor> {
  const folder = mkdtempSync(path.join(tmpdir(), 'il-door-'));
  const url = new URL(target);
  const beyondSocket = path.join(url.searchParams.get('host') ?? '', SOCKET);
  let armed: { text: string; fate: Fate; die: () => void } | null = null;
  let spoilt = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const beyond = connect(beyondSocket);
    open.add(client).add(beyond);
    for (const [one, other] of [
      [client, beyond],
      [beyond, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    let concerned = false;
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      concerned ||= armed !== null && text.includes(armed.text);
      if (armed === null || !concerned || !text.includes(COMMIT)) return void beyond.write(chunk);
      const { fate, die } = armed;
      armed = null;
      spoilt += 1;
      if (fate === 'commit lost') return void beyond.destroy();
      // Whatever it answers is heard here and goes no further; statements that came with the commit are answered before it.
      let answer = '';
      beyond.removeAllListeners('data').on('data', (heard: Buffer) => {
        answer += heard.toString('latin1');
        if (COMMITTED.test(answer)) beyond.destroy();
      });
      beyond.write(chunk, () => (fate === 'server dies' ? die() : undefined));
    });
    beyond.on('data', (chunk) => void client.write(chunk));
  });
  await new Promise<void>((done) => server.listen(path.join(folder, SOCKET), done));
  url.searchParams.set('host', folder);
  return {
    url: url.href,
    spoil: (text, fate, die = () => undefined) => {
      armed = { text, fate, die };
    },
    spoilt: () => spoilt,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
