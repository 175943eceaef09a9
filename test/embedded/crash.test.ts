import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../../src/embedded/server.ts';
import { embeddedProcess } from '../kit/embedded-process.ts';
import { ask, DataFolders, lives, runningOn, until } from './data-folders.ts';

const folders = new DataFolders();
afterAll(() => folders.remove());
const log = () => undefined;

/** Writes numbered rows on several connections until the database is gone; returns what was acknowledged. */
async function writeUntilGone(url: string, begun: () => void): Promise<number[]> {
  const acknowledged: number[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      for (;;) {
        const n = next++;
        try {
          await client.query('insert into written values ($1)', [n]);
        } catch {
          return;
        }
        acknowledged.push(n);
        if (acknowledged.length === 200) begun();
      }
    }),
  );
  return acknowledged;
}

async function missing(url: string, acknowledged: readonly number[]): Promise<number[]> {
  const found = new Set((await ask<{ n: number }>(url, 'select n from written')).map(({ n }) => n));
  return acknowledged.filter((n) => !found.has(n));
}

describe('nothing acknowledged is lost', () => {
  it('when server and database are killed at once while eight connections write, three times over', async () => {
    const dataDir = await folders.initialised();
    for (let round = 0; round < 3; round += 1) {
      const server = await embeddedProcess({ dataDir });
      const { url, pid } = server.running();
      await ask(url, 'drop table if exists written; create table written (n integer primary key)');
      const acknowledged = await writeUntilGone(url, () => {
        server.child.kill('SIGKILL');
        process.kill(pid, 'SIGKILL');
      });
      const next = await startEmbedded({ dataDir, log });
      expect(acknowledged.length).toBeGreaterThanOrEqual(200);
      expect(await missing(next.url, acknowledged)).toEqual([]);
      await next.stop();
    }
  });

  it('when only the server is killed: the database goes on and the writers do not notice', async () => {
    const dataDir = await folders.initialised();
    const server = await embeddedProcess({ dataDir });
    await ask(server.running().url, 'create table written (n integer primary key)');
    const pool = new Pool({ connectionString: server.running().url, max: 4 });
    // Of a connection that has said good-bye and was not heard when the database ends.
    pool.on('connect', (client) => client.on('error', () => undefined));
    const write = (n: number) => pool.query('insert into written values ($1)', [n]);
    await Promise.all([1, 2, 3].map(write));
    await server.end('SIGKILL');
    await Promise.all([4, 5, 6].map(write));
    const next = await startEmbedded({ dataDir, log });
    await Promise.all([7, 8, 9].map(write));
    await pool.end();
    expect(await missing(next.url, [1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([]);
    await next.stop();
  });
});

describe('while the server lives', () => {
  it('starts a database again that was killed', async () => {
    const embedded = await startEmbedded({ dataDir: await folders.initialised(), log });
    await ask(embedded.url, 'create table kept as select 42 n');
    const pid = embedded.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await until(() => embedded.pid() !== pid && embedded.pid() !== undefined);
    expect(await ask(embedded.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await embedded.stop();
  });

  it('starts the database again when one back end is killed, and can stop it right after', async () => {
    const dataDir = await folders.initialised();
    const embedded = await startEmbedded({ dataDir, log });
    const pid = embedded.pid();
    const pool = new Pool({ connectionString: embedded.url, max: 1 });
    pool.on('error', () => undefined);
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() pid');
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    await until(() => embedded.pid() !== pid && embedded.pid() !== undefined);
    expect((await pool.query('select 1 n')).rows).toEqual([{ n: 1 }]);
    await pool.end();
    await embedded.stop();
    expect(runningOn(dataDir)).toEqual([]);
  });

  it('stops for good when told to while it is down', async () => {
    const dataDir = await folders.initialised();
    const embedded = await startEmbedded({ dataDir, log });
    process.kill(embedded.pid() ?? 0, 'SIGKILL');
    await embedded.stop();
    // Its back ends notice by themselves that their postmaster was killed, a moment later on a busy machine.
    await expect.poll(() => runningOn(dataDir), { timeout: 20_000 }).toEqual([]);
    const next = await startEmbedded({ dataDir, log });
    await next.stop();
  });
});

describe('what a crash leaves behind', () => {
  it('is no obstacle when its pid belongs to somebody else by now, who is not harmed', async () => {
    const dataDir = await folders.initialised();
    for (const pid of [process.pid, process.ppid]) {
      const stale = `${pid}\n${join(dataDir, 'database')}\n1700000000\n5432\n${join(dataDir, 'socket')}\n\n 1 2\nready   \n`;
      writeFileSync(join(dataDir, 'database', 'postmaster.pid'), stale);
      const embedded = await startEmbedded({ dataDir, log });
      expect(embedded.adopted).toBe(false);
      expect(embedded.pid()).not.toBe(pid);
      expect(lives(pid)).toBe(true);
      await embedded.stop();
    }
  });

  it('is no obstacle when a full disk left the pid file empty', async () => {
    const dataDir = await folders.initialised();
    writeFileSync(join(dataDir, 'database', 'postmaster.pid'), '');
    const embedded = await startEmbedded({ dataDir, log });
    expect(await ask(embedded.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await embedded.stop();
  });

  it('is stopped first when it is a back end at work whose server is gone', async () => {
    const dataDir = await folders.initialised();
    const server = await embeddedProcess({ dataDir });
    const client = new Client({ connectionString: server.running().url });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() pid');
    const busy = client
      .query('select count(*) from generate_series(1, 100000000000) n')
      .catch(() => 'cut off');
    const backend = rows[0]?.pid ?? 0;
    await server.end('SIGKILL');
    process.kill(server.running().pid, 'SIGKILL');
    await until(() => !lives(server.running().pid));
    expect(lives(backend)).toBe(true);
    const next = await startEmbedded({ dataDir, log });
    expect(lives(backend)).toBe(false);
    expect(await busy).toBe('cut off');
    expect(await ask(next.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await client.end();
    await next.stop();
  });

  it('is taken away when it is half a database that was just being made', async () => {
    const dataDir = folders.fresh();
    const half = () =>
      existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('database.new'));
    const server = embeddedProcess({
      dataDir,
      onStart: (child) => void until(half).then(() => child.kill('SIGKILL')),
    });
    await expect(server).rejects.toThrow('SIGKILL');
    const next = await startEmbedded({ dataDir, log });
    expect(await ask(next.url, 'select 1 n')).toEqual([{ n: 1 }]);
    expect(half()).toBe(false);
    await next.stop();
  });

  it('is not adopted when it hangs, and not waited for for ever', async () => {
    const dataDir = await folders.initialised();
    const server = await embeddedProcess({ dataDir });
    await server.end('SIGKILL');
    process.kill(server.running().pid, 'SIGSTOP');
    const next = await startEmbedded({ dataDir, log });
    expect(next.adopted).toBe(false);
    expect(lives(server.running().pid)).toBe(false);
    expect(await ask(next.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await next.stop();
  });
});
