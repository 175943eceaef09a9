import type { OpenChange } from '../contract/changes.ts';
import { digestPlan } from '../plan/digest.ts';
import { lintPlan } from '../plan/lint.ts';
import { readPlan } from '../plan/read.ts';
import type { LintPolicy } from '../plan/rule.ts';
import { scriptsOfTexts } from '../plan/scripts.ts';
import { summarisePlan } from '../plan/summary.ts';
import { sha256 } from './policy-source.ts';

/** Lints a text as the server would: its scripts are those that were given, never files of this host. */
export function lintText(
  { file, plan: text, scripts }: Pick<OpenChange, 'file' | 'plan' | 'scripts'>,
  policy: LintPolicy,
): Record<string, unknown> {
  const read = readPlan({ file, text }, { texts: scripts, hash: sha256 });
  if (!read.ok) return { readable: false, problems: read.problems };
  const { plan, placeOf, rollouts } = read;
  const given = scriptsOfTexts(scripts, sha256);
  const findings = lintPlan({ file, plan, placeOf, rollouts, scripts: given, policy, now: Date.now() });
  return { readable: true, findings, summary: summarisePlan(plan, findings, digestPlan(plan, sha256)) };
}
