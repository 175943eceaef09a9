import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../contract/plan.ts';
import { readPlan } from '../plan/read.ts';
import { scriptPathsOf, unsafePath } from '../plan/scripts.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource } from './input.ts';
import { scriptReader } from './plan-script.ts';

/** What a new plan begins from: a ready one, or the template of a criticality. */
export interface PlanSource {
  readonly from?: string;
  readonly template?: string;
}

/** Copies a ready plan and its scripts to where the new one is written. Nothing that exists is overwritten. */
export async function newPlan(context: CliContext, file: string, begin: PlanSource): Promise<number> {
  const source = sourceFile(context, begin);
  const { text } = await readSource(context, source);
  const read = readPlan({ file: source, text });
  if (!read.ok) throw new InvalidInput(read.problems);
  // A template is no procedure: plans begun from it have no record in common.
  const mine = begin.template !== undefined ? text : named(text, procedureName(source), read.plan);
  const target = resolve(context.cwd, file);
  const scripts = await scriptsOf(context, read.plan, source);
  const files = scripts.map(([path, bytes]) => [resolve(dirname(target), path), bytes] as const);
  for (const [path, bytes] of [[target, mine] as const, ...files]) {
    await write(context, path, bytes);
  }
  context.stdout(`${[file, ...files.map(([path]) => relative(context.cwd, path))].join('\n')}\n`);
  context.stderr(`Make it yours: people, targets, values and date. Then: interlock plan lint ${file}\n`);
  return 0;
}

/** The name under which a plan's runs are evidence; the file's own, unless it says. */
function procedureName(source: string): string {
  return basename(source).replace(/\.(ya?ml|json)$/, '');
}

/** The plan's text with the procedure it was made from, after its first field; as it is where it names one, or cannot. */
function named(text: string, procedure: string, plan: Plan): string {
  if (plan.procedure !== undefined) return text;
  const written = text.replace(/^(interlock:.*)$/m, `$1\nprocedure: ${procedure}`);
  const read = readPlan({ file: procedure, text: written });
  return read.ok && read.plan.procedure === procedure ? written : text;
}

function sourceFile(context: CliContext, { from, template }: PlanSource): string {
  if (template !== undefined) return shipped(`templates/${template}`) ?? template;
  if (from !== undefined) return procedureFile(context, from);
  const message = 'expected `--from` with a ready plan or `--template` with c1 to c4, got neither';
  throw new InvalidInput([{ file: '<command line>', line: 1, column: 1, message }]);
}

/** A name without a folder or an ending is one of the library, which ships with the product. */
function procedureFile(context: CliContext, from: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(from) || existsSync(resolve(context.cwd, from))) return from;
  return shipped(from) ?? from;
}

function shipped(name: string): string | undefined {
  const candidates = ['../../procedures/', '../../../procedures/'].map((folder) =>
    fileURLToPath(new URL(`${folder}${name}.yaml`, import.meta.url)),
  );
  return candidates.find((path) => existsSync(path));
}

async function scriptsOf(context: CliContext, plan: Plan, source: string) {
  const read = scriptReader(context, source);
  const paths = scriptPathsOf(plan).filter((path) => unsafePath(path) === null);
  return Promise.all(paths.map(async (path) => [path, await read(path)] as const));
}

async function write(context: CliContext, path: string, bytes: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const file = relative(context.cwd, path);
    const message =
      code === 'EEXIST' ? 'expected a file that is not there yet' : `expected to write it, got \`${code}\``;
    throw new InvalidInput([{ file, line: 1, column: 1, message }]);
  }
}
