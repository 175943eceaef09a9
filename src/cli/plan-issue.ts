import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exportPlan } from '../plan/issue/export.ts';
import { importIssue } from '../plan/issue/import.ts';
import type { Unread } from '../plan/issue/unread.ts';
import { readPlan } from '../plan/read.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource } from './input.ts';
import { plainLine } from './plain-line.ts';
import { readPlanFile } from './plan-file.ts';
import { sha256 } from './policy-source.ts';

/** Where a command writes what it made; standard output without. */
export interface Out {
  readonly out?: string;
}

/** Writes a plan as the text of an issue, from which `plan import` gets the very file back. */
export async function exportPlanFile(context: CliContext, file: string, { out }: Out): Promise<number> {
  const { source, read } = await readPlanFile(context, file);
  if (!read.ok) throw new InvalidInput(read.problems);
  await write(context, out, exportPlan(source.text, read.plan, sha256));
  return 0;
}

/**
 * Makes a plan of an issue, and lists what of the issue is not in it. 1 where somebody edited, in the issue of an exported plan, what is no part of
 * the file: nothing is written then.
 */
export async function importIssueFile(
  context: CliContext,
  file: string,
  { out, title }: Out & { readonly title?: string },
): Promise<number> {
  const source = await readSource(context, file);
  const read = (text: string) => {
    const plan = readPlan({ file, text });
    return plan.ok ? plan.plan : null;
  };
  const made = importIssue(source.text, { title, read, hash: sha256 });
  if (made.from === 'neither')
    throw new InvalidInput([{ file: source.file, line: 1, column: 1, message: made.because }]);
  list(context, source.file, made.unread);
  if (made.from === 'export' && made.unread.length > 0) {
    context.stderr(
      'Nothing was written: put what stands there into the file in the issue, or take it away.\n',
    );
    return 1;
  }
  if (made.from === 'export' && made.fileEdited)
    context.stderr('The file was edited in the issue since it was exported.\n');
  await write(context, out, made.text);
  if (made.from === 'template')
    context.stderr(
      `A draft: ${made.unread.length} places of the issue are not in it. Then: interlock plan lint\n`,
    );
  return 0;
}

function list(context: CliContext, file: string, unread: readonly Unread[]): void {
  for (const { line, text, because } of unread) {
    context.stderr(`${plainLine(`${file}:${line}: ${text}`)}\n    ${because}\n`);
  }
}

/** Nothing that exists is overwritten, unless it says the same. */
async function write(context: CliContext, out: string | undefined, text: string): Promise<void> {
  if (out === undefined) return context.stdout(text);
  const path = resolve(context.cwd, out);
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (code === 'EEXIST' && (await readFile(path, 'utf8')) === text) return;
    const message =
      code === 'EEXIST' ? 'expected a file that is not there yet' : `expected to write it, got \`${code}\``;
    throw new InvalidInput([{ file: out, line: 1, column: 1, message }]);
  }
}
