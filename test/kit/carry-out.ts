import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCheck } from '../../src/checks/measure.ts';
import type { Check } from '../../src/contract/check.ts';
import type { Plan, RollbackStep } from '../../src/contract/plan.ts';
import { parseText } from '../../src/documents/parse.ts';
import { readPolicy } from '../../src/documents/policy.ts';
import { lintPlan } from '../../src/plan/lint.ts';
import { readPlan } from '../../src/plan/read.ts';
import { readScripts } from '../../src/plan/scripts.ts';
import { commandOf } from '../../src/runner/command.ts';
import { dryRun, type DryRunOutcome } from '../../src/runner/dry-run.ts';
import { execute } from '../../src/runner/execute.ts';
import { checkContext } from './check-context.ts';

const PROCEDURES = fileURLToPath(new URL('../../procedures/', import.meta.url));
const GRACE_MS = 2_000;

/** What a procedure is filled in with, and what the test's bastion has. */
export interface Filling {
  /** Values of its parameters. */
  readonly with?: Readonly<Record<string, string | number>>;
  /** The targets, where they are not those of the file. */
  readonly targets?: readonly { readonly name: string; readonly type: string }[];
  /** Variables of the bastion. Its PATH is where steps and checks find the programs of the test. */
  readonly env: Readonly<Record<string, string>>;
  /** Without one, checks of metrics are left out. */
  readonly prometheusUrl?: string;
}

/** How far a list of steps came: what was executed, and why it stopped, if it did. */
export interface Carried {
  readonly done: readonly string[];
  readonly stopped: string | null;
}

/** A procedure of the library as a bastion carries it out, by the functions of the runner; its waits are skipped. */
export interface CarriedOut {
  readonly plan: Plan;
  /** What the linter says against it, filled in as it is. */
  lint(): Promise<readonly string[]>;
  dryRun(): Promise<DryRunOutcome>;
  /** Each gives what does not pass. */
  preflight(): Promise<readonly string[]>;
  postchecks(): Promise<readonly string[]>;
  /** Step by step until one does not pass; `between` is called before each. */
  forward(between?: (step: string) => Promise<void> | void): Promise<Carried>;
  /** Undoes what was executed, the last one first. */
  back(carried: Carried): Promise<Carried>;
  /** Removes what it kept. */
  clear(): void;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** Fills a procedure of the library in. */
export function procedure(name: string, filling: Filling): CarriedOut {
  const file = `${name}.yaml`;
  const read = readPlan({ file, text: filledIn(readFileSync(path.join(PROCEDURES, file), 'utf8'), filling) });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { plan } = read;
  const scratch = mkdtempSync(path.join(tmpdir(), 'interlock-procedure-'));
  const hands = handsOf(scratch, filling);
  const find = foundIn(filling.env['PATH'] ?? '');
  const here: Plan = {
    ...plan,
    steps: plan.steps.map(find),
    rollback: { ...plan.rollback, steps: plan.rollback.steps.map(find) },
  };
  return {
    plan,
    lint: async () => {
      const scripts = await readScripts(plan, async (at) => readFileSync(path.join(PROCEDURES, at)), sha256);
      return lintPlan({ file, ...read, scripts, policy: shippedPolicy(), now: Date.now() })
        .filter(({ rule }) => rule !== 'no-date')
        .map(({ rule, message }) => `${rule}: ${message}`);
    },
    dryRun: () =>
      dryRun(here, {
        ...hands.place,
        cwd: scratch,
        graceMs: GRACE_MS,
        secrets: [],
        onLine: () => undefined,
      }),
    preflight: () => hands.measure(plan.preflight),
    postchecks: () => hands.measure(plan.postchecks),
    forward: (between = () => undefined) => carry(here.steps, hands, between),
    back: ({ done }) => carry(undoing(here, done), hands, () => undefined),
    clear: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

function filledIn(text: string, { with: values = {}, targets }: Filling): string {
  const parsed = parseText({ file: 'procedure', text });
  const written = (parsed.ok ? parsed.documents[0]?.value : {}) as Record<string, unknown>;
  return JSON.stringify({ ...written, with: values, ...(targets && { targets }) });
}

function shippedPolicy() {
  const text = readFileSync(new URL('../../policies/illumidesk.yaml', import.meta.url), 'utf8');
  const read = readPolicy({ file: 'illumidesk.yaml', text }, sha256);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.policy;
}

/** A step's PATH is fixed, so that nobody's own decides what runs; here its programs are also looked for where the test has them. */
function foundIn(PATH: string) {
  const found = ['/usr/bin/env', `PATH=${PATH}`];
  return <Step extends RollbackStep>(step: Step): Step => ({
    ...step,
    ...(step.command && { command: [...found, ...step.command] }),
    ...(step.script && {
      script: { ...step.script, interpreter: [...found, ...(step.script.interpreter ?? [])] },
    }),
  });
}

type Hands = ReturnType<typeof handsOf>;

function handsOf(scratch: string, { env, prometheusUrl }: Filling) {
  const place = { planFolder: PROCEDURES, scripts: path.join(scratch, 'scripts'), bastion: env };
  const context = checkContext({ env, prometheusUrl: prometheusUrl ?? null });
  const measure = async (checks: readonly Check[]): Promise<readonly string[]> => {
    const results = await Promise.all(
      checks
        .filter(({ prometheus }) => prometheus === undefined || prometheusUrl !== undefined)
        .map((check) => measureCheck(check, context)),
    );
    return results
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ name, verdict, because }) => `${name}: ${verdict}: ${because}`);
  };
  /** Why a step did not end well; `null` if it did. */
  const act = async (step: RollbackStep): Promise<string | null> => {
    if (step.wait !== undefined) return null;
    const command = await commandOf(step, place);
    if (!command.ok) return command.because;
    const { result, output } = await execute({
      ...command,
      cwd: scratch,
      timeoutMs: step.timeout,
      graceMs: GRACE_MS,
      secrets: [],
    }).ended;
    return result.ok ? null : `exit ${result.exitCode ?? result.spawnError}: ${output.toString('utf8')}`;
  };
  return { place, measure, act };
}

async function carry(
  steps: readonly RollbackStep[],
  { measure, act }: Hands,
  between: (step: string) => Promise<void> | void,
): Promise<Carried> {
  const done: string[] = [];
  for (const step of steps) {
    await between(step.name);
    const before = await measure(step.before);
    if (before.length > 0) return { done, stopped: before.join('\n') };
    // From here on it may have acted, however it ends.
    done.push(step.name);
    const failed = await act(step);
    const wrong = failed === null ? await measure(step.after) : [failed];
    if (wrong.length > 0) return { done, stopped: wrong.join('\n') };
  }
  return { done, stopped: null };
}

function undoing({ steps, rollback }: Plan, done: readonly string[]): readonly RollbackStep[] {
  const names = steps
    .filter(({ name }) => done.includes(name))
    .flatMap(({ undo }) => (undo && 'step' in undo ? [undo.step] : []))
    .toReversed();
  return [...new Set(names)].flatMap((name) => rollback.steps.filter((step) => step.name === name));
}
