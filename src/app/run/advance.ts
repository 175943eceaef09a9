import type { AdvanceAnswer, AdvanceRun } from '../../contract/runs.ts';
import { judgeSkew } from '../../kernel/run/lease.ts';
import { underWay } from '../../kernel/run/snapshot.ts';
import { beginWatching } from '../../store/delayed-checks.ts';
import { setState } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { whileFrozen } from '../ledger-freeze.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { applyReport } from './apply-report.ts';
import { gateOf, proveFor } from './gate.ts';
import { keepReported } from './keep-report.ts';
import { loseRunner } from './lose.ts';
import { proceed } from './proceed.ts';
import type { Proceeded } from './proceeding.ts';
import { recordEvents } from './record.ts';
import { asFound, openRunFile, saveRunFile, withRun, type RunEvent, type RunFile } from './run-file.ts';
import { notTheRunner } from './runner-of.ts';
import { tellDuty } from './tell.ts';
import { timingOf } from './timing.ts';
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
  const frozen = await whileFrozen(context);
  if (frozen !== null) return frozen;
  await proveFor(context, runId);
  return transact(context.db, async (tx) => {
    const file = await openRunFile(tx, runId);
    if (file === null) return refuse('not_found', `expected a run, got \`${runId}\``);
    const not = notTheRunner(file, call, question.epoch);
    if (not !== null) {
      if (not.late) await keepLate(tx, context, call, { file, question });
      return not.refused;
    }
    return advance(tx, context, call, { file, question });
  });
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
): Promise<Outcome<AdvanceAnswer>> {
  const timing = timingOf(context);
  const again = question.request === file.run.lastRequest;
  const { file: reported, events } = again
    ? { file, events: [] }
    : await take(tx, context, { file, question });
  if (!again && reported.steps.some(underWay)) {
    await recordEvents(tx, context, call, { run: file.run, events });
    return refuse('conflict', 'expected the report of the step under way, got another request');
  }
  const current = withRun(reported, {
    watchedResults: again ? reported.run.watchedResults : question.watched,
    lastRequest: question.request,
    leaseExpiresAt: file.now + timing.leaseMs,
  });
  const skew = judgeSkew(question.clock - file.now);
  // The facts are read from the database: what was just reported of them has to be in it.
  const ready = sameFacts(file, current) ? current : asFound(await saveRunFile(tx, current));
  const ask = gateOf(tx, context, call, question.multiplexer);
  const on = { tx, timing, ask: skew === 'refuses' ? refusingClock(ask) : ask };
  const next = await proceed(on, ready);
  const written = await write(tx, context, call, { next, events });
  const { run, steps } = written;
  return done({ run: runView(run, steps), instruction: next.instruction, denials: [...next.denials], skew });
}

/** Whether the facts of a question about this run are the same before and after the report. */
function sameFacts({ run: before }: RunFile, { run: after }: RunFile): boolean {
  return (
    after.preflightResults === before.preflightResults &&
    after.postcheckResults === before.postcheckResults &&
    after.watchedResults.length === 0 &&
    before.watchedResults.length === 0
  );
}

/** Keeps the report, and applies it if it is what the run waits for. */
async function take(
  tx: Transaction,
  context: AppContext,
  { file, question }: Asked,
): Promise<{ readonly file: RunFile; readonly events: readonly RunEvent[] }> {
  const { report } = question;
  if (report === null) return { file, events: [] };
  const applied = applyReport(context, file, report);
  const { epoch, request } = question;
  await keepReported(tx, context, { runId: file.run.id, epoch, request, report, late: applied === null });
  return applied === null
    ? { file, events: [lateEvent(report.kind, 'nobody waits for it')] }
    : { file: applied.file, events: [applied.event] };
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
  await recordEvents(tx, context, call, { run, events: [...events, ...next.events] });
  return saved;
}

/** A host whose clock is far off gets no grant. */
function refusingClock(ask: ReturnType<typeof gateOf>): ReturnType<typeof gateOf> {
  return async (action, file, use) => {
    const { denials, recorded } = await ask(action, file, use);
    const because = "the host's clock is more than 5 s from the server's";
    return { denials: [...denials, { rule: 'runner-clock', verdict: 'deny', because }], recorded };
  };
}

function lateEvent(kind: string, why: string): RunEvent {
  return {
    type: 'run.late-report',
    action: 'report',
    outcome: 'deny',
    reason: `kept as evidence, changes nothing: ${why}`,
    details: { kind },
  };
}
