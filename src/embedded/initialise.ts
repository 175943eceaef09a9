import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { command, type Command } from './command.ts';
import { EmbeddedError, systemCode } from './embedded-error.ts';
import { explainFailure } from './explain-failure.ts';
import type { Folder } from './folder.ts';
import type { ServerAccount } from './server-account.ts';

const UNFINISHED = 'database.new-';

/**
 * Makes the cluster where there is none: UTF-8, the builtin C.UTF-8 locale (the same order on every system), UTC, no
 * password, because only its owner reaches the socket. Everything is made beside its place and renamed, so that one
 * that was interrupted is never taken for a whole one.
 */
export async function initialise(folder: Folder, binaries: Binaries, account: ServerAccount): Promise<void> {
  if (existsSync(folder.cluster)) return;
  removeUnfinished(folder);
  const draft = join(folder.root, `${UNFINISHED}${process.pid}`);
  try {
    mkdirSync(draft, { mode: 0o700 });
    if (account.ids !== undefined) chownSync(draft, account.ids.uid, account.ids.gid);
    await fill(draft, { folder, binaries, account });
    renameSync(draft, folder.cluster);
    sync(folder.root);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    throw cause instanceof EmbeddedError ? cause : explainFailure(folder, String(cause));
  }
}

interface Ground {
  readonly folder: Folder;
  readonly binaries: Binaries;
  readonly account: ServerAccount;
}

async function fill(draft: string, { folder, binaries, account }: Ground): Promise<void> {
  if (account.ids !== undefined) chmodSync(folder.root, statSync(folder.root).mode | 0o011);
  const made = await collect(command(account, [binaries.initdb, ...initdbFlags(draft)]), '');
  if (made.status !== 0) throw explainFailure(folder, made.output);
  const single = command(account, [binaries.postgres, '--single', '-D', draft, 'template1']);
  const created = await collect(single, 'create database interlock;\n');
  // Its status says nothing about the statement.
  if (created.status !== 0 || /ERROR|FATAL|PANIC/.test(created.output))
    throw explainFailure(folder, created.output);
}

/** The new name has to reach the disk before anything that is committed under it. */
function sync(directory: string): void {
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function initdbFlags(cluster: string): string[] {
  return [
    `--pgdata=${cluster}`,
    '--username=interlock',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--auth-local=trust',
    '--auth-host=reject',
    '--no-instructions',
    '--set=timezone=UTC',
    '--set=log_timezone=UTC',
  ];
}

/** What an interrupted start left behind. Its initdb may still write for a moment, so removing is tried again. */
function removeUnfinished(folder: Folder): void {
  for (const name of readdirSync(folder.root)) {
    if (!name.startsWith(UNFINISHED)) continue;
    rmSync(join(folder.root, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }
}

function collect(
  { file, args, options }: Command,
  input: string,
): Promise<{ status: number | null; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn(file, args, { ...options, stdio: 'pipe' });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (cause) =>
      failed(new EmbeddedError(`expected to start \`${file}\`, got \`${systemCode(cause)}\``, { cause })),
    );
    child.on('close', (status) => done({ status, output }));
    // It may give up before it reads; its own words then say why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
