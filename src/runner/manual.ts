import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExecutionResult } from '../contract/execution.ts';
import type { RollbackStep } from '../contract/plan.ts';
import type { InlineOutput, Instruction } from '../contract/runs.ts';
import { capture } from './capture.ts';
import { blankResult } from './execute.ts';
import { outputOf } from './output.ts';
import { redactor } from './redact.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

type Told = Extract<Instruction, { kind: 'step' }>;
type Evidence = NonNullable<NonNullable<RollbackStep['manual']>['evidence']>;

/** The largest file that is taken as evidence; of a longer one nobody would read the end. */
const MOST_BYTES = 8 * 1_024 * 1_024;

/** Has a person do something, show what was asked for, and state that it is done. In this order: no evidence, no statement. */
export async function manualStep(
  world: RunnerWorld,
  state: RunnerState,
  { step, told }: { readonly step: RollbackStep; readonly told: Told },
): Promise<{ readonly execution: ExecutionResult; readonly output: InlineOutput }> {
  const { instructions = '', confirm = '', evidence } = step.manual ?? {};
  const began = performance.now();
  const blank = blankResult(new Date(), began);
  const stopping = new AbortController();
  let because: string | null = null;
  state.stop = (why) => {
    because = why;
    stopping.abort();
  };
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(step.timeout)]);
  const ask = (question: string) => world.prompt(question, signal);
  world.view.note(`  by hand: ${instructions}`);
  const shown = evidence === undefined ? null : await shownFor(world, evidence, ask);
  const answer = shown !== null && 'missing' in shown ? null : await ask(`  type yes to state: ${confirm} `);
  const ended = { ...blank, durationMs: performance.now() - began };
  if (because !== null) return without({ ...ended, cancelled: because });
  if (signal.aborted) return without({ ...ended, timedOut: true });
  if (shown !== null && 'missing' in shown) return without({ ...ended, spawnError: shown.missing });
  if (answer === null) return without({ ...ended, spawnError: 'nobody is at the terminal' });
  const confirmed = answer.trim().toLowerCase() === 'yes';
  const stated = {
    ...ended,
    ok: confirmed,
    exitCode: confirmed ? 0 : 1,
    confirmed: confirmed ? world.person : null,
  };
  return shown === null ? without(stated) : attached(world, state, { stated, bytes: shown.bytes, told });
}

const without = (execution: ExecutionResult) => ({ execution, output: null });

/** What was asked for, or why it is missing. */
type Shown = { readonly bytes: Buffer } | { readonly missing: string };

async function shownFor(
  world: RunnerWorld,
  { kind, what }: Evidence,
  ask: (question: string) => Promise<string | null>,
): Promise<Shown> {
  const answer = await ask(kind === 'text' ? `  ${what}: ` : `  ${what}, path of the file: `);
  if (answer === null) return { missing: 'nobody is at the terminal' };
  const given = answer.trim();
  if (given === '') return { missing: `expected evidence (${what}), got none` };
  if (kind === 'text') return { bytes: masked(world, Buffer.from(`${given}\n`)) };
  try {
    const bytes = await readFile(path.resolve(world.folder.work, given));
    if (bytes.length > 0 && bytes.length <= MOST_BYTES) return { bytes: masked(world, bytes) };
    return { missing: `expected a file of 1 to ${MOST_BYTES} bytes as evidence, got ${bytes.length}` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return { missing: `expected a file that can be read as evidence, got \`${code}\`` };
  }
}

function masked({ secrets }: RunnerWorld, bytes: Buffer): Buffer {
  const masking = redactor(secrets);
  return Buffer.concat([masking.push(bytes), masking.end()]);
}

/** The evidence kept beside the outputs, and handed in as one. */
async function attached(
  world: RunnerWorld,
  state: RunnerState,
  { stated, bytes, told }: { readonly stated: ExecutionResult; readonly bytes: Buffer; readonly told: Told },
): Promise<{ readonly execution: ExecutionResult; readonly output: InlineOutput }> {
  const name = `${told.list}-${told.position + 1}-attempt-${told.attempt}.evidence`;
  const file = path.join(world.folder.outputs, name);
  await writeFile(file, bytes, { mode: 0o600 });
  const kept = capture(MOST_BYTES);
  kept.push(bytes);
  const execution = { ...stated, output: kept.finish().summary };
  return { execution, output: await outputOf(world, state, { execution, name, file }) };
}
