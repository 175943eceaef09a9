import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../contract/plan.ts';
import type { RunnerCharter } from '../contract/runs.ts';
import { formatProblem } from '../documents/problem.ts';
import { digestPlan } from '../plan/digest.ts';
import { readPlan } from '../plan/read.ts';
import { unsafePath } from '../plan/scripts.ts';

export type ApprovedPlan =
  { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly because: string };

/** Reads the plan that the server hands out, and digests it here: what runs is what was approved, whatever the server says. */
export function readApprovedPlan({ text, file, digest, scripts }: RunnerCharter['plan']): ApprovedPlan {
  const read = readPlan({ file, text }, { texts: scripts, hash: sha256 });
  if (!read.ok) return { ok: false, because: read.problems.map(formatProblem).join('\n') };
  const got = digestPlan(read.plan, sha256).digest;
  if (got !== digest)
    return { ok: false, because: `expected the plan with digest \`${digest}\`, got \`${got}\`` };
  return { ok: true, plan: read.plan };
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Lays the plan's scripts out in a folder, for `freezeScript` to take them from. */
export async function layOutScripts(
  scripts: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  for (const [name, text] of Object.entries(scripts)) {
    const problem = unsafePath(name);
    if (problem !== null)
      throw new Error(`expected a script beside its plan, got \`${name}\`, which ${problem}`);
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600 });
  }
}
