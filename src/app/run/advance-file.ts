import type { AdvanceRun } from '../../contract/runs.ts';
import { judgeSkew } from '../../kernel/run/lease.ts';
import { underWay } from '../../kernel/run/snapshot.ts';
import type { AppContext } from '../context.ts';
import { applyReport } from './apply-report.ts';
import { proceed } from './proceed.ts';
import type { Ask, Proceeded, Proceeding } from './proceeding.ts';
import { asFound, withRun, type RunEvent, type RunFile } from './run-file.ts';

/** What a runner's request made of a run: what is next, or `null` where it does not report the step that is under way. */
export interface Advanced {
  readonly next: Proceeded | null;
  /** What the report itself made happen, for the ledger. */
  readonly events: readonly RunEvent[];
  readonly skew: ReturnType<typeof judgeSkew>;
}

/** Applies what the runner that holds the run reports, and decides what it does next. The same request again changes nothing. */
export async function advanceFile(
  on: Proceeding,
  context: Pick<AppContext, 'hash'>,
  file: RunFile,
  question: AdvanceRun,
): Promise<Advanced> {
  const skew = judgeSkew(question.clock - file.now);
  const again = question.request === file.run.lastRequest;
  const { file: reported, events } = again
    ? { file, events: [] }
    : await take(on, context, { file, question });
  if (!again && reported.steps.some(underWay)) return { next: null, events, skew };
  const current = withRun(reported, {
    watchedResults: again ? reported.run.watchedResults : question.watched,
    lastRequest: question.request,
    leaseExpiresAt: file.now + on.timing.leaseMs,
  });
  // The facts are read from the database: what was just reported of them has to be in it.
  const ready = sameFacts(file, current) ? current : asFound(await on.record.save(current));
  const ask = skew === 'refuses' ? refusingClock(on.ask) : on.ask;
  return { next: await proceed({ ...on, ask }, ready), events, skew };
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
  on: Proceeding,
  context: Pick<AppContext, 'hash'>,
  { file, question }: { readonly file: RunFile; readonly question: AdvanceRun },
): Promise<{ readonly file: RunFile; readonly events: readonly RunEvent[] }> {
  const { report } = question;
  if (report === null) return { file, events: [] };
  const applied = applyReport(context, file, report);
  // INVARIANT: a report counts once. Heard before under this request, it says nothing of what is waited for now.
  if (!(await on.record.keepReport(report, applied === null)))
    return { file, events: [lateEvent(report.kind, 'it was heard before')] };
  return applied === null
    ? { file, events: [lateEvent(report.kind, 'nobody waits for it')] }
    : { file: applied.file, events: [applied.event] };
}

/** A host whose clock is far off gets no grant. */
function refusingClock(ask: Ask): Ask {
  return async (action, file, use) => {
    const { denials, recorded } = await ask(action, file, use);
    const because = "the host's clock is more than 5 s from the server's";
    return { denials: [...denials, { rule: 'runner-clock', verdict: 'deny', because }], recorded };
  };
}

/** A report that is kept as evidence and changes nothing. */
export function lateEvent(kind: string, why: string): RunEvent {
  return {
    type: 'run.late-report',
    action: 'report',
    outcome: 'deny',
    reason: `kept as evidence, changes nothing: ${why}`,
    details: { kind },
  };
}
