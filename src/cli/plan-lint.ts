import { dirname, join } from 'node:path';
import { formatProblem, type Problem } from '../documents/problem.ts';
import { digestPlan } from '../plan/digest.ts';
import { type Finding, lintPlan } from '../plan/lint.ts';
import type { LintPolicy } from '../plan/rule.ts';
import { readScripts } from '../plan/scripts.ts';
import { type PlanSummary, summarisePlan } from '../plan/summary.ts';
import type { CliContext } from './context.ts';
import { readPlanFile } from './plan-file.ts';
import { scriptReader } from './plan-script.ts';
import { loadPolicy, sha256 } from './policy-source.ts';

interface Options {
  readonly policy?: string;
  readonly json?: true;
}

/** What came of one file; the lines of JSON have this shape. */
type Linted =
  | { readonly file: string; readonly problems: readonly Problem[] }
  | { readonly file: string; readonly findings: readonly Finding[]; readonly summary: PlanSummary };

/** Lints each file; answers 3 if one cannot be read, else 1 if one has an error, else 0. */
export async function lintPlans(
  context: CliContext,
  files: readonly string[],
  options: Options,
): Promise<number> {
  const policy = await lintPolicyFor(context, options.policy);
  const results: Linted[] = [];
  for (const file of files) results.push(await lintFile(context, file, policy));
  for (const result of results) {
    if (options.json) context.stdout(`${JSON.stringify(result)}\n`);
    else if ('problems' in result) context.stderr(`${result.problems.map(formatProblem).join('\n')}\n`);
    else context.stdout(`${textOf(result)}\n`);
  }
  if (results.some((result) => 'problems' in result)) return 3;
  return results.some((result) => 'findings' in result && errorsOf(result.findings) > 0) ? 1 : 0;
}

/** Where nobody named a policy, the shipped one lends its topics; which environments there are, it cannot know. */
export async function lintPolicyFor(context: CliContext, named: string | undefined): Promise<LintPolicy> {
  const file = named ?? context.env['INTERLOCK_POLICY'];
  const { policy } = await loadPolicy(context, file);
  const { environments, ...rest } = policy;
  return file === undefined ? rest : { ...rest, environments };
}

async function lintFile(context: CliContext, named: string, policy: LintPolicy): Promise<Linted> {
  const {
    source: { file },
    read,
  } = await readPlanFile(context, named);
  if (!read.ok) return { file, problems: read.problems };
  const { plan, placeOf, rollouts } = read;
  const scripts = await readScripts(plan, scriptReader(context, named), sha256);
  const found = lintPlan({ file, plan, placeOf, rollouts, scripts, policy, now: Date.now() });
  const summary = summarisePlan(plan, found, digestPlan(plan, sha256));
  // A script is named from the folder of its plan; whoever reads this stands elsewhere.
  const findings = found.map((finding) =>
    finding.file === file ? finding : { ...finding, file: join(dirname(named), finding.file) },
  );
  return { file, findings, summary };
}

function textOf({ file, findings, summary }: Extract<Linted, { findings: unknown }>): string {
  const lines = findings.flatMap(({ level, rule, message, fix, ...place }) => [
    `${place.file}:${place.line}:${place.column} ${level} ${rule} ${message}`,
    `    ${fix}`,
  ]);
  const errors = errorsOf(findings);
  const warnings = findings.length - errors;
  const verdict =
    findings.length === 0 ? 'clean' : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return [...lines, `${file}: ${verdict}; ${summary.digest}`].join('\n');
}

const errorsOf = (findings: readonly Finding[]) => findings.filter(({ level }) => level === 'error').length;

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
