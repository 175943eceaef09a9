import { afterAll, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../src/embedded/data-folder.ts';
import { startEmbedded } from '../../src/embedded/server.ts';
import { embeddedProcess } from '../kit/embedded-process.ts';
import { ask, DataFolders, runningOn } from './data-folders.ts';

const folders = new DataFolders();
afterAll(() => folders.remove());
const log = () => undefined;

describe('a command that opens the data folder', () => {
  it('starts the database where none runs, and stops it again', async () => {
    const dataDir = await folders.initialised();
    const open = await openDataFolder({ dataDir, log });
    expect(open.startedHere).toBe(true);
    expect(await ask(open.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await open.close();
    expect(runningOn(dataDir)).toEqual([]);
  });

  it("uses a server's database beside it, and leaves it running", async () => {
    const dataDir = await folders.initialised();
    const server = await startEmbedded({ dataDir, log });
    const open = await openDataFolder({ dataDir, log });
    expect(open.startedHere).toBe(false);
    expect(await ask(open.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await open.close();
    expect(await ask(server.url, 'select 1 n')).toEqual([{ n: 1 }]);
    await server.stop();
  });

  it('uses one that a killed server left, and leaves it as it was', async () => {
    const dataDir = await folders.initialised();
    const server = await embeddedProcess({ dataDir });
    await server.end('SIGKILL');
    const open = await openDataFolder({ dataDir, log });
    expect(open.startedHere).toBe(false);
    await open.close();
    const next = await startEmbedded({ dataDir, log });
    expect(next.adopted).toBe(true);
    await next.stop();
  });

  it('waits for another such command, and keeps a server out meanwhile', async () => {
    const dataDir = await folders.initialised();
    const first = await openDataFolder({ dataDir, log });
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(
      `held by an Interlock command with pid \`${process.pid}\``,
    );
    const second = openDataFolder({ dataDir, log });
    await first.close();
    const open = await second;
    expect(open.startedHere).toBe(true);
    await open.close();
    expect(runningOn(dataDir)).toEqual([]);
  });
});
