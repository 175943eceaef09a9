import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, type TestContext } from 'vitest';
import { serverProcesses } from '../../src/embedded/postmaster-file.ts';
import { startEmbedded } from '../../src/embedded/server.ts';
import { scratchParent } from '../kit/scratch.ts';
import { embeddedProcess, type ProcessOptions } from '../kit/embedded-process.ts';

/** Data folders of one test file: each a copy of one that was initialised once, all stopped and removed at the end. */
export class DataFolders {
  readonly #parent = mkdtempSync(join(scratchParent(), 'interlock data '));
  readonly #made: string[] = [];

  constructor() {
    // Other users pass through it, where a test has them own a folder inside.
    chmodSync(this.#parent, 0o755);
  }

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
    const left = this.#made.flatMap((made) => runningOn(made));
    for (const pid of left) process.kill(pid, 'SIGKILL');
    rmSync(this.#parent, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(`expected no database to be left running, got pids \`${left.join(', ')}\``);
  }
}

/** Pids of the server that runs on a data folder. */
export function runningOn(dataDir: string): number[] {
  return serverProcesses({ cluster: join(dataDir, 'database') });
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

/** nobody on Debian and its kin. */
export const NOBODY = 65534;

/** Skips a test where it cannot be run. */
export function needsRoot({ skip }: TestContext): void {
  skip(process.getuid?.() !== 0, 'only root may start a process as another user or mount a small disk');
}

/** Starts a server that has to be refused, and returns the one line that it said. */
export async function refusal(options: ProcessOptions): Promise<string> {
  const server = await embeddedProcess(options);
  await server.end('SIGTERM');
  const { said } = server;
  if (!('error' in said)) throw new Error('expected a refusal, got a database');
  expect(said.name).toBe('EmbeddedError');
  expect(said.error).not.toContain('\n');
  expect(said.error).toMatch(/^expected .+, got .*`.+`/);
  expect(runningOn(options.dataDir)).toEqual([]);
  return said.error;
}
