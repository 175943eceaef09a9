import type { Command } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  attachments,
  attachmentView,
  mediaTypeOfName,
  type AttachmentView,
} from '../contract/attachments.ts';
import { AppError } from '../contract/errors.ts';
import { action } from './action.ts';
import { askAndTell, telling, type Showing } from './ask-and-tell.ts';
import { addressOf } from './change-address.ts';
import { wholeNumber } from './choice.ts';
import type { CliContext } from './context.ts';
import { plainLine } from './plain-line.ts';
import { print } from './print.ts';
import { table } from './table.ts';

/** `interlock change attach ID FILE`, `change attachments ID`, `change attachment ID NUMBER --out FILE` */
export function register(change: Command, context: CliContext): void {
  registerAttach(change, context);
  change
    .command('attachments <change>')
    .description('list what is attached to a request')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, options: Showing) =>
        askAndTell(context, options, {
          method: 'GET',
          path: addressOf(id, '/attachments'),
          answer: attachments,
          lines: (answer) =>
            table([['NUMBER', 'NAME', 'TYPE', 'BYTES', 'BY', 'AT'], ...answer.attachments.map(row)]),
        }),
      ),
    );
  change
    .command('attachment')
    .argument('<change>')
    .argument('<number>', 'which of its attachments', wholeNumber('a number', 1, 100))
    .requiredOption('--out <file>', 'a new file to write it to')
    .description('fetch what is attached to a request')
    .action(
      action(context, (id: string, number: number, { out }: { out: string }) =>
        telling(context, {}, async () => {
          const bytes = await context.client().download('GET', addressOf(id, `/attachments/${number}`));
          await writeNew(context, out, bytes);
          print(context, [plainLine(`${out}: ${bytes.length} bytes`)]);
          return 0;
        }),
      ),
    );
}

function registerAttach(change: Command, context: CliContext): void {
  change
    .command('attach <change> <file>')
    .description('attach a file to a request: png, jpg, gif, pdf, txt, log, json, yaml, csv, diff, patch')
    .option('--json', 'print the answer as JSON')
    .action(
      action(context, (id: string, file: string, options: Showing) =>
        telling(context, options, async () => {
          const name = basename(file);
          const type = mediaTypeOfName(name) ?? 'application/octet-stream';
          const body = await bytesOf(context, file);
          const path = addressOf(id, `/attachments?${new URLSearchParams({ name }).toString()}`);
          const headers = { 'content-type': type };
          const made = await context.client().ask('POST', path, { body, headers, answer: attachmentView });
          const text = `${name} is attachment ${made.number} of ${id}, ${made.digest}`;
          print(context, options.json === true ? JSON.stringify(made) : [plainLine(text)]);
          return 0;
        }),
      ),
    );
}

function row({ number, name, mediaType, size, by, at }: AttachmentView): string[] {
  return [String(number), name, mediaType, String(size), by, at];
}

async function bytesOf(context: CliContext, file: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(context.cwd, file));
  } catch (cause) {
    throw unusable('a file that can be read', file, cause);
  }
}

/** Nothing that is there is written over. */
async function writeNew(context: CliContext, file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(resolve(context.cwd, file), bytes, { flag: 'wx' });
  } catch (cause) {
    throw unusable('a new file that can be written', file, cause);
  }
}

function unusable(expected: string, file: string, cause: unknown): AppError {
  const got = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new AppError('invalid', `expected ${expected}, got \`${file}\`: \`${got}\``, { cause });
}
