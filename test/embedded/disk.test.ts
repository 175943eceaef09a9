import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startEmbedded } from '../../src/embedded/server.ts';
import { ask, DataFolders, needsRoot, refusal, runningOn, until } from './data-folders.ts';

const folders = new DataFolders();
const mounted: string[] = [];

function mount(option: string): string {
  const folder = folders.fresh();
  mkdirSync(folder);
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', option, 'tmpfs', folder]).status).toBe(0);
  mounted.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of mounted.splice(0)) {
    for (const pid of runningOn(folder)) process.kill(pid, 'SIGKILL');
    spawnSync('umount', ['-l', folder]);
  }
});
afterAll(() => folders.remove());

describe('a disk', () => {
  it('that is read-only is named', async (context) => {
    needsRoot(context);
    expect(await refusal({ dataDir: mount('ro') })).toContain('expected a data folder that can be written');
  });

  it('that is too small to begin with is named, and what was begun is taken away', async (context) => {
    needsRoot(context);
    const dataDir = mount('size=16m');
    expect(await refusal({ dataDir })).toContain('got `No space left on device`');
    expect(readdirSync(dataDir)).toEqual(['lock']);
  });

  it('that fills up ends the database; with room again it runs, with all that was acknowledged', async (context) => {
    needsRoot(context);
    const dataDir = mount('size=120m');
    const said: string[] = [];
    const embedded = await startEmbedded({ dataDir, log: (line) => said.push(line) });
    const client = new Client({ connectionString: embedded.url });
    client.on('error', () => undefined);
    await client.connect();
    // Its first row makes the room that the next ones need.
    await client.query('create table written (n integer primary key)');
    await client.query('insert into written values (-1)');
    const ballast = join(dataDir, 'ballast');
    expect(fill(ballast)).toContain('ENOSPC');
    const acknowledged = await writeUntilRefused(client);
    // The log of the next changes has no room, which ends the whole server.
    await until(() => embedded.pid() === undefined);
    await until(() => said.some((line) => line.includes('No space left on device')));
    rmSync(ballast);
    await until(() => embedded.pid() !== undefined);
    const found = await ask<{ n: number }>(embedded.url, 'select n from written where n >= 0 order by n');
    expect(found.slice(0, acknowledged).map(({ n }) => n)).toEqual(
      Array.from({ length: acknowledged }, (_, n) => n),
    );
    expect(acknowledged).toBeGreaterThan(0);
    await embedded.stop();
  });
});

function fill(file: string): string {
  const block = Buffer.alloc(1024 * 1024);
  try {
    for (;;) appendFileSync(file, block);
  } catch (error) {
    return String(error);
  }
}

/** A row and a megabyte of log at a time. */
async function writeUntilRefused(client: Client): Promise<number> {
  for (let n = 0; ; n += 1) {
    try {
      await client.query('insert into written values ($1)', [n]);
      await client.query(`select pg_logical_emit_message(true, 'ballast', repeat('x', 1000000))`);
    } catch {
      return n;
    }
  }
}
