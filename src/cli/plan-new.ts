import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../contract/plan.ts';
import { withSettings } from '../documents/edit.ts';
import { parseText } from '../documents/parse.ts';
import { scriptPathsOf, unsafePath } from '../plan/scripts.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource } from './input.ts';
import { readPlanText, type PlanFile } from './plan-file.ts';
import { scriptReader } from './plan-script.ts';

/** What a new plan begins from: a ready one, or the template of a criticality. */
export interface PlanSource {
  readonly from?: string;
  readonly template?: string;
  /** Values of its parameters, each `name=value`. */
  readonly set?: readonly string[];
}

/** Copies a ready plan and its scripts to where the new one is written. Nothing that exists is overwritten. */
export async function newPlan(context: CliContext, file: string, begin: PlanSource): Promise<number> {
  const source = sourceFile(context, begin);
  const text = withValues(withoutSchema((await readSource(context, source)).text), begin.set ?? []);
  const { read, procedures } = await readPlanText(context, source, { file: source, text });
  if (!read.ok) throw new InvalidInput(read.problems);
  // A template is no procedure: plans begun from it have no record in common.
  const mine =
    begin.template !== undefined
      ? text
      : await named(text, procedureName(source), (written) =>
          readPlanText(context, source, { file: source, text: written }),
        );
  const target = resolve(context.cwd, file);
  const scripts = await scriptsOf(context, read.plan, source);
  const nested = Object.entries(procedures);
  const files = [...scripts, ...nested].map(
    ([path, bytes]) => [resolve(dirname(target), path), bytes] as const,
  );
  for (const [path, bytes] of [[target, mine] as const, ...files]) {
    await write(context, path, bytes);
  }
  context.stdout(`${[file, ...files.map(([path]) => relative(context.cwd, path))].join('\n')}\n`);
  context.stderr(`Make it yours: people, targets, values and date. Then: interlock plan lint ${file}\n`);
  return 0;
}

/** What tells an editor the schema names a file by where the ready plan lies, which is not where the new one will. */
function withoutSchema(text: string): string {
  return text.replace(/^# yaml-language-server: .*\n/, '');
}

/** The name under which a plan's runs are evidence; the file's own, unless it says. */
function procedureName(source: string): string {
  return basename(source).replace(/\.(ya?ml|json)$/, '');
}

/** The plan's text with the procedure it was made from, after its first field; as it is where it names one, or cannot. */
async function named(
  text: string,
  procedure: string,
  readAs: (text: string) => Promise<PlanFile>,
): Promise<string> {
  const written = text.replace(/^(interlock:.*)$/m, `$1\nprocedure: ${procedure}`);
  const { read } = await readAs(written);
  return read.ok && read.plan.procedure === procedure ? written : text;
}

/** The text with values for its parameters beside those that it has. */
function withValues(text: string, set: readonly string[]): string {
  if (set.length === 0) return text;
  const parsed = parseText({ file: 'plan', text });
  const written = parsed.ok ? (parsed.documents[0]?.value as Written | undefined) : undefined;
  return withSettings(
    text,
    set.map((one) => {
      const [name = '', ...value] = one.split('=');
      if (value.length === 0) throw commandLine(`expected a value as \`name=value\`, got \`${one}\``);
      const given = value.join('=');
      const isNumber = written?.parameters?.[name]?.type === 'number' && /^-?\d+(\.\d+)?$/.test(given);
      return { path: ['with', name], value: isNumber ? Number(given) : given };
    }),
  );
}

/** As far as it is looked at before it is read. */
interface Written {
  readonly parameters?: Readonly<Record<string, { readonly type?: unknown } | undefined>>;
}

const commandLine = (message: string) =>
  new InvalidInput([{ file: '<command line>', line: 1, column: 1, message }]);

function sourceFile(context: CliContext, { from, template }: PlanSource): string {
  if (template !== undefined) return shipped(`templates/${template}`) ?? template;
  if (from !== undefined) return procedureFile(context, from);
  const message = 'expected `--from` with a ready plan or `--template` with c1 to c4, got neither';
  throw commandLine(message);
}

/** A name without a folder or an ending is one of the library, which ships with the product. */
function procedureFile(context: CliContext, from: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(from) || existsSync(resolve(context.cwd, from))) return from;
  const found = shipped(from);
  if (found !== undefined) return found;
  throw commandLine(
    `expected \`--from\` with a plan file or one of the library (${library().join(', ')}), got \`${from}\``,
  );
}

function library(): string[] {
  const folder = dirname(shipped('console-setting') ?? '');
  return readdirSync(folder).flatMap((file) =>
    file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [],
  );
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
