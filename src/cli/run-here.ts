import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dryRunDifference, planToRun, type PlanToRun } from '../contract/dry-run.ts';
import { errorEntry, ERRORS, type ErrorCode } from '../contract/errors.ts';
import type { Plan } from '../contract/plan.ts';
import type { ResolvedTargets } from '../contract/plan-targets.ts';
import { runView, type RunnerCharter } from '../contract/runs.ts';
import { executeRun, leaseClock, waitForLeftovers } from '../runner/run.ts';
import { hasDryForm } from '../runner/dry-run.ts';
import { resolveTargets } from '../runner/resolve-targets.ts';
import { privilegesHere } from '../runner/privileges.ts';
import { newKey, openSession, startRun, type Answered, type ServerRefusal } from '../runner/session.ts';
import { startInTurn } from '../runner/wait.ts';
import { readApprovedPlan } from '../runner/approved-plan.ts';
import { listenAtTerminal } from './at-terminal.ts';
import type { CliContext } from './context.ts';
import { makeDryRun } from './dry-run-here.ts';
import { note } from './print.ts';
import { refusalLines } from './refusal-text.ts';
import { sideBySide } from './side-by-side.ts';
import type { TerminalSetting } from './runner-setting.ts';
import { z } from 'zod';

/** A network that loses answers without a word keeps nobody waiting at the terminal for longer. */
const ASK_MS = 10_000;

/** What a person asked to have run. */
export interface RunWish {
  readonly change: string;
  readonly acknowledges: readonly string[];
  readonly takeOver: boolean;
  /** Whether to stay where only time refuses the start. */
  readonly wait: boolean;
}

/** How it went: 0 complete, 1 failed or left, 2 refused; and which run it was, if there was one. */
export interface RanHere {
  readonly status: number;
  readonly run: string | null;
}

/** Runs a change in this process, to its end. */
export async function runHere(
  context: CliContext,
  setting: TerminalSetting,
  wish: RunWish,
  onBegun: (run: string, epoch: number) => void = () => undefined,
): Promise<RanHere> {
  const now = leaseClock();
  const { sentAt, answer } = wish.takeOver
    ? await takeOver(context, setting, { change: wish.change, now })
    : await begin(context, setting, { wish, now });
  if (!answer.ok) return { status: refused(context, setting, answer.refusal), run: null };
  const charter = answer.value;
  const run = charter.run.id;
  onBegun(run, charter.run.epoch);
  setting.view.note(`${run} of ${wish.change}, epoch ${charter.run.epoch}, on ${charter.run.host}`);
  const running = await executeRun(setting, charter, { now, sentAt });
  const stopListening = listenAtTerminal(setting, charter, running);
  try {
    const driven = await running.ended;
    if (driven.kind === 'left') {
      setting.view.note(`left, the run is held: ${driven.because}`);
      return { status: 1, run };
    }
    setting.view.note(`${run}: ${driven.run.state}`);
    return { status: driven.run.state === 'succeeded' ? 0 : 1, run };
  } finally {
    stopListening();
  }
}

interface Begun {
  readonly sentAt: number;
  readonly answer: Answered<RunnerCharter>;
}

/** Said aloud where it is excepted too: a habit that nobody sees is nobody's to end. */
const PRIVILEGED = {
  root: '! this runner is root: only a host that is registered as privileged may execute so',
  sudo: '! `sudo -n true` succeeds for this user: only a host that is registered as privileged may execute so',
} as const;

async function begin(
  context: CliContext,
  setting: TerminalSetting,
  { wish, now }: { readonly wish: RunWish; readonly now: () => number },
): Promise<Begun> {
  const { multiplexer, transport, view, hostClock } = setting;
  const { acknowledges, change } = wish;
  const privileges = await privilegesHere();
  if (privileges !== 'none') view.note(PRIVILEGED[privileges]);
  const key = { idempotencyKey: randomUUID(), multiplexer, privileges, acknowledges: [...acknowledges] };
  const start = async (): Promise<Begun> => {
    const resolved = await lookAgain(context, setting, change);
    const sentAt = now();
    return { sentAt, answer: await startRun(transport, change, { ...key, resolved }, hostClock) };
  };
  if (!wish.wait) return start();
  // Looked at before the waiting, so that nobody waits for what is refused then; and again at its end.
  const resolved = await lookAgain(context, setting, change);
  return startInTurn(
    { transport, view, change, hostClock, body: { ...key, resolved } },
    { start, refused: (answer) => ({ sentAt: now(), answer }) },
  );
}

/** Takes over the live run of a change; waits while the runner that was lost may still be working. */
async function takeOver(
  context: CliContext,
  setting: TerminalSetting,
  { change, now }: { readonly change: string; readonly now: () => number },
): Promise<Begun> {
  const { runs } = await context.client().ask('GET', `/api/v1/changes/${encodeURIComponent(change)}/runs`, {
    answer: z.object({ runs: z.array(runView) }),
    signal: AbortSignal.timeout(ASK_MS),
  });
  const live = runs.find(({ endedAt }) => endedAt === null);
  if (live === undefined) return { sentAt: now(), answer: { ok: false, refusal: nothingLive(change) } };
  await waitForLeftovers(setting.state, live.id, setting.view);
  const session = openSession(setting.transport, setting.hostClock);
  const { multiplexer } = setting;
  const wish = { idempotencyKey: newKey(), multiplexer, privileges: await privilegesHere() };
  for (let told = false; ; told = true) {
    const sentAt = now();
    const answer = await session.takeOver(live.id, wish);
    if (answer.ok || answer.refusal.code !== 'too_early') return { sentAt, answer };
    if (!told) setting.view.note(`! ${answer.refusal.message}`);
    await sleep(1_000);
  }
}

/**
 * What the server compares with what was reviewed: the dry run again, where the plan runs scripts, and the targets again,
 * where it says what lists them. Answers the targets.
 */
async function lookAgain(
  context: CliContext,
  setting: TerminalSetting,
  change: string,
): Promise<ResolvedTargets | null> {
  const path = `/api/v1/changes/${encodeURIComponent(change)}/dry-runs/plan`;
  const sent = await context
    .client()
    .ask('GET', path, { answer: planToRun, signal: AbortSignal.timeout(ASK_MS) });
  const read = readApprovedPlan(sent);
  // What cannot be read here is not run here: the runner says why.
  if (!read.ok) return null;
  await repeatDryRun(setting, { sent, plan: read.plan });
  const { targetsFrom } = read.plan;
  if (targetsFrom === undefined) return null;
  const resolved = await resolveTargets(targetsFrom, setting);
  setting.view.note(`the targets again: ${resolvedText(resolved)}`);
  return resolved;
}

async function repeatDryRun(
  setting: TerminalSetting,
  { sent, plan }: { readonly sent: PlanToRun; readonly plan: Plan },
): Promise<void> {
  if (![...plan.steps, ...plan.rollback.steps].some(hasDryForm)) return;
  setting.view.note('the dry run again, to compare it with the reviewed one');
  const made = await makeDryRun(setting, { sent, plan, twin: true });
  const text =
    made.same === null ? 'nothing was reviewed to compare with' : made.same ? 'the same' : 'different';
  setting.view.note(`dry run ${made.id}: ${made.ok ? 'ok' : 'failed'}, ${text}`);
  if (made.same === false) await showDifference(setting, sent.change, made.id);
}

/** The lines that differ, at the terminal of who would start: what they show decides who is asked. */
async function showDifference(
  { transport, view }: TerminalSetting,
  change: string,
  id: string,
): Promise<void> {
  const path = `/api/v1/changes/${encodeURIComponent(change)}/dry-runs/${id}/difference`;
  const { body } = await transport({ method: 'GET', path, body: undefined, timeoutMs: 10_000 });
  const read = dryRunDifference.safeParse(body);
  if (read.success)
    sideBySide(read.data, (process.stdout.columns ?? 120) - 9).forEach((line) => view.note(line));
}

function resolvedText(resolved: ResolvedTargets): string {
  return 'because' in resolved ? resolved.because : `${resolved.targets.length}`;
}

function refused(context: CliContext, setting: TerminalSetting, refusal: ServerRefusal): number {
  for (const line of refusalLines(refusal)) setting.view.note(line);
  if (refusal.code === 'run_live')
    note(context, 'A run whose runner was lost is taken over with --take-over.');
  return Object.hasOwn(ERRORS, refusal.code) ? errorEntry(refusal.code as ErrorCode).exit : 1;
}

function nothingLive(change: string): ServerRefusal {
  return {
    status: 404,
    code: 'not_found',
    message: `expected a live run of \`${change}\`, got none`,
    details: {},
  };
}
