import type { OpenChange } from '../../contract/changes.ts';
import type { Hash } from '../../kernel/ledger/hash.ts';
import type { Policy } from '../../kernel/policy/policy.ts';
import type { Plan } from '../../contract/plan.ts';
import { isPlain } from '../../contract/plain-text.ts';
import { formatProblem } from '../../documents/problem.ts';
import { digestPlan, type PlanDigest } from '../../plan/digest.ts';
import { lintPlan } from '../../plan/lint.ts';
import { readPlan } from '../../plan/read.ts';
import { scriptsOfTexts } from '../../plan/scripts.ts';
import { summarisePlan } from '../../plan/summary.ts';
import { everyText } from '../../plan/walk.ts';
import type { NewRevision, Outline } from '../../store/changes.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { headOf, type PlanHead } from './plan-head.ts';

/** A plan as the server read it: nothing that a client said about it counts. */
export interface PlanRead {
  readonly plan: Plan;
  /** What is asked of it where nobody looks at what it does: enough to file it. */
  readonly head: PlanHead;
  /** As it is kept. */
  readonly planJson: string;
  readonly outline: Outline;
  readonly revision: Omit<NewRevision, 'revision' | 'by'>;
}

/** A plan as a client sends it. */
export type SentPlan = Pick<OpenChange, 'file' | 'plan' | 'scripts'> & {
  /** In epoch milliseconds, for what is judged at this moment only: what is kept of a plan says nothing of a time that passes. */
  readonly now?: number;
};

/** Reads, lints, digests and counts a plan with the code that `plan lint` runs. */
export function readSentPlan(
  { policy, hash }: { readonly policy: Policy; readonly hash: Hash },
  { file, plan: text, scripts, now }: SentPlan,
): Outcome<PlanRead> {
  const read = readPlan({ file, text }, { texts: scripts, hash: hash });
  if (!read.ok) {
    const problems = read.problems.map(formatProblem);
    return refuse('invalid', `expected a plan, got ${problems.length} mistakes in it`, { problems });
  }
  const { plan, placeOf, rollouts } = read;
  const texts = everyText(plan);
  const odd = texts.find((one) => !isPlain(one.text));
  if (odd) {
    const message = 'expected text without NUL and without half a character, got one with it';
    return refuse('invalid', message, { problems: [formatProblem({ file, ...placeOf(odd.path), message })] });
  }
  const findings = lintPlan({
    file,
    plan,
    placeOf,
    rollouts,
    texts,
    scripts: scriptsOfTexts(scripts, hash),
    policy: policy,
    now,
  });
  const digest = digestPlan(plan, hash);
  return done({
    plan,
    head: headOf(plan),
    planJson: JSON.stringify(plan),
    outline: outlineOf(plan, digest),
    revision: {
      plan_file: file,
      plan_text: text,
      scripts,
      plan,
      digest: digest.digest,
      parts: digest.parts,
      summary: summarisePlan(plan, findings, digest),
      findings: [...findings],
    },
  });
}

function outlineOf(plan: Plan, { digest }: PlanDigest): Outline {
  const { title, environment, services, criticality, severity, kind, executor } = plan;
  const words = wordsOf(plan);
  return { title, environment, services, criticality, severity, kind, executor, digest, words };
}

/** A tsvector holds at most a megabyte; a plan of thousands of targets is found by the first of them. */
const LONGEST_WORDS = 100_000;

/** What a request is found by beside its title and its environment. */
function wordsOf(plan: Plan): string {
  const { services, topics, objective, reason, impact, author, executor, team, targets } = plan;
  const people = [author, executor, ...team];
  const names = targets.map(({ name }) => name);
  const all = [...services, ...topics, objective, reason, impact, ...people, ...names].join(' ');
  return all.slice(0, LONGEST_WORDS).toWellFormed();
}
