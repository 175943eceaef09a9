import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import type { CliContext } from './context.ts';
import { makeFolder } from './given-folder.ts';
import { asking } from './ledger-asking.ts';
import { print } from './print.ts';

/** `interlock ledger prove` and `interlock ledger consistency` */
export function registerProving(ledger: Command, context: CliContext): void {
  ledger
    .command('prove')
    .argument('<what>', 'the index of an entry, or a request (CHG-1) for all that is recorded of it')
    .option('--to <dir>', 'where the files go', '.')
    .description('write the proof that entries stand in the log, good without it (c2sp.org/tlog-proof)')
    .action(
      action(context, async (what: string, { to }: { to: string }) => {
        const folder = resolve(context.cwd, to);
        const about = aboutOf(what);
        await makeFolder(folder);
        const written = await asking(context, async (source) => {
          const names: string[] = [];
          for await (const { path, bytes } of source.prove(about)) {
            await writeFile(join(folder, path), bytes);
            names.push(join(to, path));
          }
          return names;
        });
        if (written.length === 0)
          throw new AppError('not_found', `expected entries about \`${what}\`, got none`);
        print(context, written);
        return 0;
      }),
    );
  ledger
    .command('consistency')
    .argument('<from>', 'the older size, at least 1')
    .argument('[to]', 'the newer size; without it what is recorded now')
    .description('print the proof, as JSON, that the log of one size is the beginning of the log of another')
    .action(
      action(context, async (from: string, to: string | undefined) => {
        const [older, newer] = [sizeOf(from), to === undefined ? undefined : sizeOf(to)];
        const proof = await asking(context, (source) => source.consistency(older, newer));
        print(context, JSON.stringify(proof));
        return 0;
      }),
    );
}

/** An index, or the object of a request as the ledger names it. */
function aboutOf(what: string): bigint | string {
  if (/^(?:0|[1-9][0-9]{0,18})$/.test(what)) return BigInt(what);
  if (/^CHG-[1-9][0-9]*$/.test(what)) return `change/${what}`;
  throw new AppError('invalid', `expected the index of an entry or a request \`CHG-1\`, got \`${what}\``);
}

function sizeOf(text: string): bigint {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text))
    throw new AppError('invalid', `expected a size in decimal digits, got \`${text}\``);
  return BigInt(text);
}
