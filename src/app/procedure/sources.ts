import { AppError } from '../../contract/errors.ts';
import type { ProcedurePlan, ProcedureSource, ProcedureSources } from '../../contract/plan-sources.ts';
import type { Plan } from '../../contract/plan.ts';
import { namesOfLibrary, readBesideLibrary, readOfLibrary } from '../../documents/library.ts';
import { scriptPathsOf, unsafePath } from '../../plan/scripts.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { proceduresUsed, type ProcedureUse } from '../../store/plan-words.ts';
import type { AppContext } from '../context.ts';

/** Every procedure that a new plan can be made from: those that ship, and those that came to their end well here. */
export async function readProcedureSources(context: AppContext): Promise<ProcedureSources> {
  const names = await namesOfLibrary();
  const shipped = await Promise.all(names.map(async (name) => (await ofLibrary(context, name)).source));
  const used = (await proceduresUsed(context.db, null)).filter(({ procedure }) => !names.includes(procedure));
  const procedures = [...shipped, ...used.map(usedSource)];
  return { procedures: procedures.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** One with its plan and scripts. @throws {AppError} `not_found` */
export async function readProcedurePlan(context: AppContext, name: string): Promise<ProcedurePlan> {
  if ((await namesOfLibrary()).includes(name)) return planOfLibrary(context, name);
  const { db } = context;
  const [use] = await proceduresUsed(db, name);
  const row = use && (await findChange(db, use.change));
  const revision = row && (await findRevision(db, row.id, row.revision));
  if (!use || !revision) {
    throw new AppError(
      'not_found',
      `expected a procedure of the library or of a complete change, got \`${name}\``,
    );
  }
  const { plan_file: file, plan_text: plan, scripts } = revision;
  return { ...usedSource(use), file, plan, scripts: { ...scripts } };
}

function usedSource({ procedure, change, title, criticality }: ProcedureUse): ProcedureSource {
  return { name: procedure, says: title, criticality, change };
}

async function planOfLibrary(context: AppContext, name: string): Promise<ProcedurePlan> {
  const { source, file, text, plan } = await ofLibrary(context, name);
  const paths = scriptPathsOf(plan).filter((path) => unsafePath(path) === null);
  const scripts = await Promise.all(
    paths.map(async (path) => [path, await readBesideLibrary(path)] as const),
  );
  return { ...source, file, plan: named(text, name), scripts: Object.fromEntries(scripts) };
}

async function ofLibrary(
  context: AppContext,
  name: string,
): Promise<{ source: ProcedureSource; file: string; text: string; plan: Plan }> {
  const { file, text } = await readOfLibrary(name);
  // In the threads that plans are read in: nine of them would keep a gate waiting.
  const read = await context.readPlan({ file, plan: text, scripts: {} });
  if (!read.ok) throw new AppError('internal', `expected \`${file}\` to be a plan, got another file`);
  const { plan } = read.value;
  return {
    source: { name, says: firstWords(text) ?? plan.title, criticality: plan.criticality, change: null },
    file,
    text,
    plan,
  };
}

/** What a file of the library says of itself: the first sentence of the comment that is for people. */
function firstWords(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => !line.includes('$schema'));
  const end = lines.findIndex((line) => !line.startsWith('# '));
  const words = lines.slice(0, Math.max(end, 0)).map((line) => line.slice('# '.length));
  return /^.*?\.(?= |$)/.exec(words.join(' '))?.[0];
}

/** Without its own name what is made of it would be no evidence for it. The place of the schema is that of the library. */
function named(text: string, name: string): string {
  return text
    .replace(/^# yaml-language-server: .*\n/, '')
    .replace(/^(interlock:.*)$/m, (line) =>
      /^procedure:/m.test(text) ? line : `${line}\nprocedure: ${name}`,
    );
}
