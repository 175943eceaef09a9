import type { AdvanceAnswer, AdvanceRun } from '../../contract/runs.ts';
import { beginWatching } from '../../store/delayed-checks.ts';
import { setState } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { whyNothingIsDone } from '../policy-in-force.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { advanceFile, lateEvent } from './advance-file.ts';
import { gateOf, proveFor } from './gate.ts';
import { keepReported } from './keep-report.ts';
import { loseRunner } from './lose.ts';
import type { Proceeded, Proceeding } from './proceeding.ts';
import { recordEvents } from './record.ts';
import { openGrant, openRunFile, saveRunFile, type RunEvent, type RunFile } from './run-file.ts';
import { notTheRunner } from './runner-of.ts';
import { keepMeasured } from './samples.ts';
import { tellAsked, tellDuty } from './tell.ts';
import { timingOf } from './timing.ts';
import { holdSteps, stepsSince } from './seen-steps.ts';
import { runView } from './view.ts';

/**
 * The runner reports what it did and is told what to do next: one transaction for the result, the verdict and the grant.
 * The same request again changes nothing and gets the same grant.
 */
export async function advanceRun(
  context: AppContext,
  call: Call,
  runId: string,
  question: AdvanceRun,
): Promise<Outcome<AdvanceAnswer>> {
  const stopped = await whyNothingIsDone(context, context.db);
  if (stopped !== null) return stopped;
  await proveFor(context, runId);
  const advanced = await transact(context.db, async (tx): Promise<Outcome<Advanced>> => {
    const file = await openRunFile(tx, runId);
    if (file === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    const not = notTheRunner(file, call, question.epoch);
    if (not !== null) {
      if (not.late) await keepLate(tx, context, call, { file, question });
      return not.refused;
    }
    return advance(tx, context, call, { file, question });
  });
  return advanced.ok ? done(answerOf(context, advanced.value, question)) : advanced;
}

/** What was decided, and what the run was and is. */
interface Advanced extends Omit<AdvanceAnswer, 'run'> {
  readonly found: RunFile;
  readonly saved: RunFile;
}

/** The answer: of a runner that says which version it has, the steps that changed since alone. */
function answerOf(
  context: AppContext,
  { found, saved, ...told }: Advanced,
  { since }: AdvanceRun,
): AdvanceAnswer {
  holdSteps(context, found.run, found.steps);
  const steps = stepsSince(context, saved.run, saved.steps, since);
  holdSteps(context, saved.run, saved.steps);
  return { run: runView(saved.run, steps), ...told };
}

interface Asked {
  readonly file: RunFile;
  readonly question: AdvanceRun;
}

async function advance(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { file, question }: Asked,
): Promise<Outcome<Advanced>> {
  const { epoch, request, multiplexer } = question;
  const on: Proceeding = {
    timing: timingOf(context),
    ask: gateOf(tx, context, call, multiplexer),
    record: {
      save: (run) => saveRunFile(tx, run),
      openGrant: (run, grant) => openGrant(tx, run, grant),
      keepReport: (report, late) =>
        keepReported(tx, context, { runId: file.run.id, epoch, request, report, late }),
    },
  };
  const { next, events, skew } = await advanceFile(on, context, file, question);
  if (next === null) {
    await recordEvents(tx, context, call, { run: file.run, events });
    return refuse('conflict', 'expected the report of the step under way, got another request');
  }
  await keepMeasured(tx, file.run, question.watched);
  const saved = await write(tx, context, call, { next, events });
  return done({ found: file, saved, instruction: next.instruction, denials: [...next.denials], skew });
}

/** What a runner brings that has lost the run: evidence. It changes nothing but that the loss is now known. */
async function keepLate(
  tx: Transaction,
  context: AppContext,
  call: Call,
  { file, question }: Asked,
): Promise<void> {
  const { report, epoch, request } = question;
  const events: RunEvent[] = [];
  if (report !== null) {
    const reported = { runId: file.run.id, epoch, request, report, late: true };
    if (await keepReported(tx, context, reported))
      events.push(lateEvent(report.kind, `it bears epoch ${epoch}`));
  }
  const unnoticed = epoch === file.run.epoch && file.run.endedAt === null && file.run.leaseExpiresAt !== null;
  const lost = unnoticed ? loseRunner(file, timingOf(context)) : null;
  const saved = lost === null ? file : await saveRunFile(tx, lost.file);
  if (lost !== null) await tellDuty(tx, saved, 'runner-lost');
  const all = lost === null ? events : [lost.event, ...events];
  await recordEvents(tx, context, call, { run: saved.run, events: all });
}

/** Writes what was decided: the run, the change where the run has ended, the words to the people, the record last. */
export async function write(
  tx: Transaction,
  context: AppContext,
  call: Call,
  {
    next,
    events,
  }: { readonly next: Pick<Proceeded, 'file' | 'events'>; readonly events: readonly RunEvent[] },
): Promise<RunFile> {
  const saved = await saveRunFile(tx, next.file);
  const { run } = saved;
  if (run.endedAt !== null)
    await setState(tx, run.changeId, run.state === 'succeeded' ? 'complete' : 'aborted');
  if (run.state === 'succeeded') await beginWatching(tx, run.id, run.outline.delayed ?? []);
  const held = run.hold !== null && run.hold.cause !== next.file.heldBefore?.cause;
  if (held) await tellDuty(tx, saved, 'held');
  if (held) await tellAsked(tx, saved);
  await recordEvents(tx, context, call, { run, events: [...events, ...next.events] });
  return saved;
}
