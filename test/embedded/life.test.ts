import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../../src/embedded/server.ts';
import { embeddedProcess } from '../kit/embedded-process.ts';
import { ask, DataFolders, lives, runningOn, until } from './data-folders.ts';

const folders = new DataFolders();
afterAll(() => folders.remove());
const log = () => undefined;

describe('a data folder of its own', () => {
  it('is made with the settings that make every system sort and tell time alike', async () => {
    const embedded = await startEmbedded({ dataDir: folders.fresh(), log });
    const [row] = await ask(
      embedded.url,
      `select current_database() name, datlocprovider provider, datlocale locale, pg_encoding_to_char(encoding) encoding,
        current_setting('timezone') zone, current_setting('listen_addresses') listens,
        current_setting('data_checksums') checksums, current_setting('fsync') fsync
      from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({
      name: 'interlock',
      provider: 'b',
      locale: 'C.UTF-8',
      encoding: 'UTF8',
      zone: 'UTC',
      listens: '',
      checksums: 'on',
      fsync: 'on',
    });
    await embedded.stop();
  });

  it('keeps its data over a stop, which leaves nothing running', async () => {
    const dataDir = await folders.initialised();
    const first = await startEmbedded({ dataDir, log });
    await ask(first.url, 'create table kept as select 42 n');
    await first.stop();
    expect(runningOn(dataDir)).toEqual([]);
    expect(existsSync(join(dataDir, 'database', 'postmaster.pid'))).toBe(false);
    const second = await startEmbedded({ dataDir, log });
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await second.stop();
  });

  it('lets nobody else in: only its owner enters the socket and the files', async () => {
    const dataDir = await folders.initialised();
    const embedded = await startEmbedded({ dataDir, log });
    const modes = ['database', 'socket', 'database.log'].map(
      (name) => statSync(join(dataDir, name)).mode & 0o077,
    );
    expect(modes).toEqual([0, 0, 0]);
    await embedded.stop();
  });

  it('has its socket elsewhere when its path leaves no room for one', async () => {
    const dataDir = join(folders.fresh(), 'a'.repeat(120));
    const embedded = await startEmbedded({ dataDir, log });
    expect(await ask(embedded.url, 'select 1 n')).toEqual([{ n: 1 }]);
    const socket = new URL(embedded.url).searchParams.get('host') ?? '';
    expect(existsSync(socket)).toBe(true);
    await embedded.stop();
    expect(existsSync(socket)).toBe(false);
    expect(runningOn(dataDir)).toEqual([]);
  });
});

describe('two servers on one data folder', () => {
  it('gives it to the first and tells the second who has it', async () => {
    const dataDir = await folders.initialised();
    const first = await startEmbedded({ dataDir, log });
    const held = `is held by an Interlock server with pid \`${process.pid}\``;
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(held);
    const second = await embeddedProcess({ dataDir });
    expect(second.said).toMatchObject({ name: 'EmbeddedError', error: expect.stringContaining(held) });
    expect(await ask(first.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await first.stop();
    const third = await startEmbedded({ dataDir, log });
    await third.stop();
  });

  it('gives a fresh one to exactly one of many that start at once', async () => {
    const dataDir = folders.fresh();
    const all = await Promise.all(Array.from({ length: 4 }, () => embeddedProcess({ dataDir })));
    const won = all.filter(({ said }) => 'url' in said);
    expect(won).toHaveLength(1);
    for (const { said } of all) if ('error' in said) expect(said.error).toContain('held by');
    await Promise.all(all.map((one) => one.end('SIGTERM')));
    expect(runningOn(dataDir)).toEqual([]);
  });
});

describe('the end of the process that started it', () => {
  it('by TERM stops the database', async () => {
    const dataDir = await folders.initialised();
    const server = await embeddedProcess({ dataDir });
    await server.end('SIGTERM');
    expect(server.child.exitCode).toBe(0);
    expect(runningOn(dataDir)).toEqual([]);
  });

  it('by KILL leaves it to the next, who adopts and later stops it', async () => {
    const dataDir = await folders.initialised();
    const server = await embeddedProcess({ dataDir });
    await server.end('SIGKILL');
    const next = await startEmbedded({ dataDir, log });
    expect(next.adopted).toBe(true);
    expect(server.said).toMatchObject({ pid: next.pid() });
    expect(await ask(next.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await next.stop();
    expect(runningOn(dataDir)).toEqual([]);
  });

  it('by KILL ends one that was started to die with it', async () => {
    const dataDir = await folders.initialised();
    const server = await embeddedProcess({ dataDir, diesWithUs: true });
    const { pid } = server.running();
    await server.end('SIGKILL');
    await until(() => !lives(pid));
    const next = await startEmbedded({ dataDir, log });
    expect(next.adopted).toBe(false);
    await next.stop();
  });
});
