import { createHash } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionResult } from '../contract/execution.ts';
import type { RollbackStep } from '../contract/plan.ts';
import type { InlineOutput, Instruction } from '../contract/runs.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import { commandOf } from './command.ts';
import { blankResult } from './execute.ts';
import { manualStep } from './manual.ts';
import { outputOf } from './output.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

/** A step and the instruction to execute it. */
export interface Doing {
  readonly step: RollbackStep;
  readonly told: Extract<Instruction, { kind: 'step' }>;
  /** Why it must not be begun any more; asked last, when everything is ready. */
  readonly stopped: () => string | null;
}

/** How a step ended, and what it printed as far as that goes along with the report. */
export interface Acted {
  readonly execution: ExecutionResult;
  readonly output: InlineOutput;
}

/** Does what a step says, by whatever means it says. */
export function act(world: RunnerWorld, state: RunnerState, doing: Doing): Promise<Acted> {
  const { step } = doing;
  if (step.wait !== undefined) return silent(waitStep(state, step.wait));
  if (step.manual !== undefined) return manualStep(world, state, { step, told: doing.told });
  return programStep(world, state, doing);
}

async function programStep(
  world: RunnerWorld,
  state: RunnerState,
  { step, told, stopped }: Doing,
): Promise<Acted> {
  const { folder, planFolder, bastion, secrets } = world;
  const command = await commandOf(step, { planFolder, scripts: folder.scripts, bastion });
  if (!command.ok) return refused(command.because);
  const why = stopped();
  if (why !== null) return refused(`it was stopped before it was begun: ${why}`);
  const name = `${told.list}-${told.position + 1}-attempt-${told.attempt}.log`;
  const outputFile = path.join(folder.outputs, name);
  const { argv, env } = command;
  const { epoch } = told.grant;
  const kept = world.keeper.execute(
    {
      command: {
        argv,
        env,
        cwd: folder.work,
        timeoutMs: step.timeout,
        graceMs: world.terms.killGraceMs,
        secrets,
      },
      interruptible: step.interruptible,
      onCancel: step.onCancel ?? null,
      outputFile,
      intent: {
        kind: 'intent',
        run: world.run,
        epoch,
        grant: told.grant.id,
        list: told.list,
        position: told.position,
        attempt: told.attempt,
        at: new Date().toISOString(),
        step: step.name,
        digest: executionDigest(step, argv),
        interruptible: step.interruptible,
      },
    },
    (lines) => world.view.output(lines),
  );
  state.stop = (because) => kept.stop(because);
  const execution = await kept.ended;
  return { execution, output: await outputOf(world, state, { execution, name, file: outputFile }) };
}

async function silent(ended: Promise<ExecutionResult>): Promise<Acted> {
  return { execution: await ended, output: null };
}

async function waitStep(state: RunnerState, waitMs: number): Promise<ExecutionResult> {
  const began = performance.now();
  const blank = blankResult(new Date(), began);
  const stopping = new AbortController();
  let because: string | null = null;
  state.stop = (why) => {
    because = why;
    stopping.abort();
  };
  await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  const durationMs = performance.now() - began;
  return because === null
    ? { ...blank, ok: true, exitCode: 0, durationMs }
    : { ...blank, cancelled: because, durationMs };
}

function refused(spawnError: string): Acted {
  return { execution: { ...blankResult(new Date(), performance.now()), spawnError }, output: null };
}

/** Of what is executed; the values of the bastion's variables are not in it, they are secrets. */
function executionDigest(step: RollbackStep, argv: readonly string[]): string {
  const { env, passEnv, script } = step;
  return sha256(canonicalJson({ argv, env, passEnv, script: script?.sha256 ?? null }));
}

/** `sha256:<hex>` of a text. */
export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
