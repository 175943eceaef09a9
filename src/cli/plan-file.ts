import { readPlan, type ReadPlan } from '../plan/read.ts';
import type { Source } from '../documents/problem.ts';
import type { CliContext } from './context.ts';
import { readSource, textOf } from './input.ts';
import { scriptReader } from './plan-script.ts';
import { sha256 } from './policy-source.ts';

/** A plan file as it was read, with the texts of the procedures that it nests. */
export interface PlanFile {
  readonly source: Source;
  readonly read: ReadPlan;
  readonly procedures: Readonly<Record<string, string>>;
}

/** Deeper than procedures may be nested. */
const MOST_ROUNDS = 5;

/** Reads a plan file, and the procedures beside it that it nests, as far as they are there. */
export async function readPlanFile(context: CliContext, named: string): Promise<PlanFile> {
  return readPlanText(context, named, await readSource(context, named));
}

/** The same for a text that stands for the file. */
export async function readPlanText(context: CliContext, named: string, source: Source): Promise<PlanFile> {
  const bytesOf = scriptReader(context, named);
  const procedures: Record<string, string> = {};
  for (let round = 1; ; round += 1) {
    const read = readPlan(source, { texts: procedures, hash: sha256 });
    if (read.ok || read.missing.length === 0 || round > MOST_ROUNDS) return { source, read, procedures };
    const texts = await Promise.all(
      read.missing.map(async (path) => [path, await bytesOf(path).catch(() => null)] as const),
    );
    const found = texts.flatMap(([path, bytes]) =>
      bytes === null ? [] : [[path, textOf(path, bytes)] as const],
    );
    if (found.length === 0) return { source, read, procedures };
    for (const [path, text] of found) procedures[path] = text;
  }
}
