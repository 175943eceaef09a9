import { chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../../src/embedded/server.ts';
import { embeddedProcess } from '../kit/embedded-process.ts';
import { ask, DataFolders, lives, NOBODY, needsRoot, refusal, runningOn } from './data-folders.ts';

const folders = new DataFolders();
afterAll(() => folders.remove());

/** A PATH on which `unshare` is not found, as if the system refused namespaces. */
function withoutNamespaces(): { PATH: string } {
  const bin = folders.fresh();
  mkdirSync(bin);
  symlinkSync('/bin/sh', join(bin, 'sh'));
  return { PATH: bin };
}

function uidOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

describe('the user that the database runs as', () => {
  it('is ours, seen from outside, where the system gives namespaces', async () => {
    const embedded = await startEmbedded({ dataDir: await folders.initialised(), log: () => undefined });
    expect(uidOf(embedded.pid() ?? 0)).toBe(process.getuid?.());
    await embedded.stop();
  });

  it('is nobody for root where it does not, and ours again later, on the same data', async (context) => {
    needsRoot(context);
    const dataDir = await folders.initialised();
    const before = await embeddedProcess({ dataDir, env: withoutNamespaces() });
    expect(uidOf(before.running().pid)).toBe(NOBODY);
    await ask(before.running().url, 'create table kept as select 42 n');
    await before.end('SIGTERM');
    const after = await embeddedProcess({ dataDir });
    expect(uidOf(after.running().pid)).toBe(0);
    expect(await ask(after.running().url, 'select n from kept')).toEqual([{ n: 42 }]);
    await after.end('SIGTERM');
  });

  it('is nobody for root on a fresh folder, too', async (context) => {
    needsRoot(context);
    const dataDir = folders.fresh();
    const server = await embeddedProcess({ dataDir, env: withoutNamespaces() });
    expect(uidOf(server.running().pid)).toBe(NOBODY);
    await server.end('SIGTERM');
    expect(runningOn(dataDir)).toEqual([]);
  });

  it('has to reach the folder: one line says which setting helps', async (context) => {
    needsRoot(context);
    const closed = folders.fresh();
    mkdirSync(closed, { mode: 0o700 });
    const said = await refusal({ dataDir: join(closed, 'data'), env: withoutNamespaces() });
    expect(said).toContain('by INTERLOCK_DATA, or a server of your own by DATABASE_URL');
  });

  it('may be nobody for a root that is not shown the processes of others, as in a container', async (context) => {
    needsRoot(context);
    const dataDir = folders.fresh();
    const node = join(folders.fresh(), 'node');
    mkdirSync(join(node, '..'));
    const rights = '--bounding-set=-sys_ptrace --inh-caps=-sys_ptrace';
    writeFileSync(node, `#!/bin/sh\nexec /usr/bin/setpriv ${rights} -- ${process.execPath} "$@"\n`, {
      mode: 0o755,
    });
    const contained = { dataDir, node, env: withoutNamespaces() };
    const server = await embeddedProcess(contained);
    const { pid, url } = server.running();
    expect(uidOf(pid)).toBe(NOBODY);
    await server.end('SIGKILL');
    const next = await embeddedProcess(contained);
    expect(next.running()).toMatchObject({ adopted: true, pid });
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() pid');
    const busy = client
      .query('select count(*) from generate_series(1, 100000000000) n')
      .catch(() => 'cut off');
    await next.end('SIGKILL');
    process.kill(pid, 'SIGKILL');
    const last = await embeddedProcess(contained);
    expect(last.running().adopted).toBe(false);
    expect(await busy).toBe('cut off');
    expect(lives(rows[0]?.pid ?? 0)).toBe(false);
    await client.end();
    await last.end('SIGTERM');
    expect(runningOn(dataDir)).toEqual([]);
  });

  it.for([NOBODY, 12_345])('may be any, also uid %i', async (uid, context) => {
    needsRoot(context);
    const dataDir = folders.fresh();
    mkdirSync(dataDir);
    chownSync(dataDir, uid, uid);
    const server = await embeddedProcess({ dataDir, uid });
    expect(uidOf(server.running().pid)).toBe(uid);
    await server.end('SIGKILL');
    const next = await embeddedProcess({ dataDir, uid });
    expect(next.running().adopted).toBe(true);
    await next.end('SIGTERM');
    expect(runningOn(dataDir)).toEqual([]);
  });
});
