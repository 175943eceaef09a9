import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbedded, type Embedded } from '../../src/embedded/server.ts';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { scratchParent } from './scratch.ts';

/** Name of the environment variable that holds the path of the door's socket. */
export const DOOR = 'INTERLOCK_TEST_DATABASE_DOOR';
/** A database with every migration, that each test file's own is cloned from. */
export const TEMPLATE = 'interlock_template';

const FOLDER = 'interlock-test-';

/** The server, and why it has no template where a migration does not apply. */
interface Started {
  readonly embedded: Embedded;
  readonly problem?: string;
}

/** What the door says to who knocks: where the server is, and what is wrong. */
export interface Answer {
  readonly url?: string;
  readonly problem?: string;
}

export interface Door {
  close(): Promise<void>;
}

/**
 * The test run's one database server. It is started when the first test file knocks, so that a run without a database
 * does not wait for one, and it dies with this process, however that dies.
 */
export async function openDoor(): Promise<Door> {
  sweep();
  const folder = mkdtempSync(join(scratchParent(), `${FOLDER}${process.pid}-`));
  let started: Promise<Started> | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    started ??= startServer(folder);
    started.then(
      ({ embedded, problem }) => socket.end(JSON.stringify({ url: embedded.url, problem })),
      (error: unknown) => socket.end(JSON.stringify({ problem: String(error) })),
    );
  });
  const path = join(folder, 'door');
  await new Promise<void>((done) => server.listen(path, done));
  process.env[DOOR] = path;
  return { close: () => close(server, folder, started) };
}

async function close(server: Server, folder: string, started: Promise<Started> | undefined): Promise<void> {
  await new Promise<void>((done) => server.close(() => done()));
  // A start that failed has been told to whoever knocked.
  const running = await started?.catch(() => undefined);
  await running?.embedded.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function startServer(folder: string): Promise<Started> {
  const embedded = await startEmbedded({
    dataDir: join(folder, 'data'),
    log: () => undefined,
    diesWithUs: true,
    // Nothing here outlives the run, so nothing has to reach the disk.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  try {
    await makeTemplate(embedded.url);
    return { embedded };
  } catch (error) {
    // A migration that fails is told to those who need the template; the others go on.
    return { embedded, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const template = openDatabase(databaseAt(url, TEMPLATE));
  await migrate(template);
  await template.destroy();
}

/** The address of another database of the same server. */
export function databaseAt(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Removes what runs left that were killed: the folder's name holds the pid of its run. */
function sweep(): void {
  const parent = scratchParent();
  for (const name of readdirSync(parent)) {
    const pid = Number(new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1]);
    if (Number.isNaN(pid) || runs(pid)) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
