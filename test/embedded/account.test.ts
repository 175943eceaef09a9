import { chownSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmbedded } from '../../src/embedded/server.ts';
import { embeddedProcess } from '../kit/embedded-process.ts';
import { ask, DataFolders, NOBODY, needsRoot, refusal, runningOn } from './data-folders.ts';

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
