import type { Command } from 'commander';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { LedgerFault, LedgerVerdict } from '../contract/ledger.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { makeFolder, unusable } from './given-folder.ts';
import { asking } from './ledger-asking.ts';
import { registerChecking } from './ledger-check.ts';
import { registerListing } from './ledger-list.ts';
import { registerProving } from './ledger-prove.ts';
import { sizeOf } from './ledger-source.ts';
import type { LedgerFile } from './ledger-source.ts';
import { print } from './print.ts';

/** `interlock ledger` */
export function register(program: Command, context: CliContext): void {
  const ledger = program
    .command('ledger')
    .description('the log of every decision; of the data folder, where no server runs');
  ledger
    .command('verify')
    .description('verify every entry, every signed checkpoint and the one kept outside the database')
    .option('--json', 'print the result as JSON, with the server, folder or database that was read')
    .action(
      action(context, async ({ json }: { json?: boolean }) => {
        const { read, verdict } = await asking(context, async (source) => ({
          read: source.of,
          verdict: await source.verify(),
        }));
        print(context, json === true ? JSON.stringify({ source: read, ...verdict }) : textOf(verdict));
        return verdict.sound ? 0 : 1;
      }),
    );
  ledger
    .command('export')
    .argument('<dir>', 'an empty or a new folder, or one with an earlier export of this log')
    .description('write the whole log, for programs of other people to verify (c2sp.org/tlog-tiles)')
    .action(
      action(context, async (dir: string) => {
        const folder = resolve(context.cwd, dir);
        // Before anybody is asked: what cannot be made is refused at once.
        await makeFolder(folder);
        const size = await asking(context, (source) => exportTo(folder, source.files()));
        print(context, `${size} entries in ${dir}: log.vkey, checkpoint, tile/`);
        return 0;
      }),
    );
  registerListing(ledger, context);
  registerProving(ledger, context);
  registerChecking(ledger, context);
}

async function exportTo(folder: string, files: AsyncIterable<LedgerFile>): Promise<bigint> {
  let size = 0n;
  for await (const { path, bytes } of files) {
    // The key comes first: before anything is written it is known whose log stands there.
    if (path === 'log.vkey') await checkFolder(folder, bytes);
    if (path === 'checkpoint') size = sizeOf(bytes);
    await write(folder, path, bytes);
  }
  return size;
}

async function write(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const file = join(folder, path);
  await makeFolder(dirname(file));
  try {
    await writeFile(file, bytes);
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

async function checkFolder(folder: string, vkey: Uint8Array): Promise<void> {
  const found = await readdir(folder)
    .catch(ifNone([]))
    .catch((cause: unknown) => {
      throw unusable(folder, cause);
    });
  if (found.length === 0) return;
  const there = await readFile(join(folder, 'log.vkey')).catch(ifNone(null));
  if (there?.equals(vkey) === true) return;
  const got = there === null ? `\`${found[0]}\` in it` : 'an export of another log';
  throw new AppError(
    'invalid',
    `expected \`${folder}\` to be empty or an earlier export of this log, got ${got}`,
  );
}

function ifNone<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value;
    throw error;
  };
}

function textOf(verdict: LedgerVerdict): string[] {
  const { sound, size, root, checkpoints, anchored, faults } = verdict;
  if (!sound) return ['The ledger does NOT verify:', ...faults.map(faultText)];
  const kept =
    anchored === null ? 'none kept outside the database' : `kept outside the database up to ${anchored}`;
  return [`The ledger verifies: ${size} entries, root ${root}, ${checkpoints} checkpoints, ${kept}.`];
}

function faultText({ code, first, last, message }: LedgerFault): string {
  const where = first === null ? '' : first === last ? ` ${first}` : ` ${first}..${last}`;
  return `  ${code}${where}: ${message}`;
}
