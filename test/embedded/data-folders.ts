import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openFolder } from '../../src/embedded/folder.ts';
import { serverProcesses } from '../../src/embedded/postmaster-file.ts';
import { startEmbedded } from '../../src/embedded/server.ts';

/** Data folders of one test file: each a copy of one that was initialised once, all stopped and removed at the end. */
export class DataFolders {
  readonly #parent = mkdtempSync(join(realpathSync(tmpdir()), 'interlock data '));
  readonly #made: string[] = [];

  /** A folder that does not exist yet. */
  fresh(): string {
    const folder = join(this.#parent, `folder ${this.#made.length}`);
    this.#made.push(folder);
    return folder;
  }

  /** A folder with a cluster in it that nobody has used; the first call makes the pattern. */
  async initialised(): Promise<string> {
    const pattern = join(this.#parent, 'pattern');
    if (!existsSync(pattern)) await (await startEmbedded({ dataDir: pattern, log: () => undefined })).stop();
    const folder = this.fresh();
    cpSync(pattern, folder, { recursive: true, filter: (path) => !path.endsWith('.lock') });
    return folder;
  }

  /** Ends what a failed test left running, says whose it was, and removes the folders. */
  remove(): void {
    const left = this.#made.filter((made) => existsSync(made)).flatMap((made) => runningOn(made));
    for (const pid of left) process.kill(pid, 'SIGKILL');
    rmSync(this.#parent, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(`expected no database to be left running, got pids \`${left.join(', ')}\``);
  }
}

/** Pids of the server that runs on a data folder. */
export function runningOn(dataDir: string): number[] {
  return serverProcesses(openFolder(dataDir));
}

/** Whether a process exists and is not a zombie that waits for its parent. */
export function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Asks one statement on a connection of its own. */
export async function ask<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Waits until something holds; the test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 20));
}
