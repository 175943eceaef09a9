import { newHold } from '../../kernel/run/hold.ts';
import { underWay } from '../../kernel/run/snapshot.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { recordEvents } from './record.ts';
import { held, openRunFile, saveRunFile, withoutGrant, withRun, type RunFile } from './run-file.ts';
import { notTheRunner } from './runner-of.ts';
import { tellDuty } from './tell.ts';

/** The runner goes, with nothing under way: the run is held, and may be taken over from now on. */
export async function leaveRun(
  context: AppContext,
  call: Call,
  runId: string,
  { epoch, because }: { readonly epoch: number; readonly because: string },
): Promise<Outcome<null>> {
  return transact(context.db, async (tx) => {
    const file = await openRunFile(tx, runId);
    if (file === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    const not = notTheRunner(file, call, epoch);
    if (not !== null) return not.refused;
    const next = leftBy(file, because);
    if (next === null) {
      return refuse('conflict', 'expected no step and no corrective command under way, got one');
    }
    const saved = await saveRunFile(tx, next);
    await tellDuty(tx, saved, 'runner-left');
    const reason = `by ${call.actor.person} on ${saved.run.runner.host}`;
    const event = { type: 'run.runner-left', action: 'leave', outcome: 'allow', reason } as const;
    await recordEvents(tx, context, call, { run: saved.run, events: [event] });
    return done(null);
  });
}

/** The run without a runner, held; `null` where something is under way that nobody would report. */
export function leftBy(file: RunFile, because: string): RunFile | null {
  if (file.steps.some(underWay) || file.grant?.list === 'preflight') return null;
  const gone = withRun(withoutGrant(file, 'the runner left'), {
    leaseExpiresAt: null,
    takeOverFrom: file.now,
  });
  return gone.run.hold === null ? held(gone, newHold('runner-left', because, file.now)) : gone;
}
