import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
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
  } catch (cause) {
    throw explainFailure(folder, `${systemCode(cause)} ${cause instanceof Error ? cause.message : ''}`);
  }
  await run(folder, command(account, [binaries.initdb, ...initdbFlags(draft)]));
  await run(
    folder,
    command(account, [binaries.postgres, '--single', '-D', draft, 'template1']),
    'create database interlock;\n',
  );
  renameSync(draft, folder.cluster);
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

/** What an interrupted start left behind. Its initdb may still run for a moment: what it holds is taken the next time. */
function removeUnfinished(folder: Folder): void {
  for (const name of readdirSync(folder.root)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(folder.root, name), { recursive: true, force: true });
  }
}

async function run(folder: Folder, { file, args, options }: Command, input = ''): Promise<void> {
  const { status, output } = await collect({ file, args, options }, input);
  if (status !== 0) throw explainFailure(folder, output);
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
