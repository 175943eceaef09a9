import type { Heartbeat, HeartbeatAnswer } from '../../contract/runs.ts';
import { holdFor, newHold, takingHoldAtOnce, type Denial } from '../../kernel/run/hold.ts';
import { transact } from '../../store/database.ts';
import { renewLease } from '../../store/runs.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { write } from './advance.ts';
import { gateOf, proveFor } from './gate.ts';
import { held, openRunFile, stepOf, withRun, withStep, type RunEvent, type RunFile } from './run-file.ts';
import type { Ask } from './proceeding.ts';
import { notTheRunner } from './runner-of.ts';
import { keepMeasured } from './samples.ts';
import { timingOf } from './timing.ts';

/**
 * The runner lives: its lease is renewed. While a step is under way the verdict is asked as well, and a veto, a lost bastion,
 * a failed check or a person's word stops it at once.
 */
export async function heartbeatRun(
  context: AppContext,
  call: Call,
  runId: string,
  beat: Heartbeat,
): Promise<Outcome<HeartbeatAnswer>> {
  if (beat.working !== null) await proveFor(context, runId);
  return transact(context.db, async (tx) => {
    const file = await openRunFile(tx, runId);
    if (file === null) return refuse('not_found', `expected a run, got \`${runId}\`, which there is none of`);
    const not = notTheRunner(file, call, beat.epoch);
    if (not !== null) return not.refused;
    await keepMeasured(tx, file.run, beat.watched);
    await renewLease(tx, runId, timingOf(context).leaseMs);
    const {
      file: judged,
      denials,
      events,
    } = await judgeBeat(gateOf(tx, context, call, beat.multiplexer), { file, beat });
    const unchanged = judged.run === file.run && judged.steps === file.steps;
    const leased = withRun(judged, { leaseExpiresAt: file.now + timingOf(context).leaseMs });
    const saved = unchanged
      ? judged
      : await write(tx, context, call, { next: { file: leased, events }, events: [] });
    return done(answerOf(saved, beat, denials));
  });
}

interface Judged {
  readonly file: RunFile;
  readonly denials: readonly Denial[];
  readonly events: readonly RunEvent[];
}

/** What a beat makes of the run: the step it works on is marked so, and what takes hold at once holds it. */
export async function judgeBeat(
  ask: Ask,
  { file, beat }: { readonly file: RunFile; readonly beat: Heartbeat },
): Promise<Judged> {
  const watched = beat.watched.length > 0 ? withRun(file, { watchedResults: beat.watched }) : file;
  const at = working(watched, beat);
  if (at === null || file.run.hold !== null) return { file: watched, denials: [], events: [] };
  const wanted = at.run.holdWanted;
  if (wanted?.now === true) {
    const hold = { ...newHold('person', wanted.because, at.now), by: wanted.by, dutyOnly: wanted.dutyOnly };
    return { file: held(at, hold), denials: [], events: [stopEvent(`held by ${wanted.by}`)] };
  }
  const action = beat.working?.list === 'rollback' ? 'rollback' : 'step';
  const { denials, recorded } = await ask(action, at, 'to-look');
  const seen = recorded === at.run.denied ? at : withRun(at, { denied: recorded });
  const atOnce = takingHoldAtOnce(denials);
  if (atOnce.length === 0) return { file: seen, denials, events: [] };
  const hold = holdFor(atOnce, at.now);
  return { file: held(seen, hold), denials, events: [stopEvent(`${hold.cause}: ${hold.rules.join(', ')}`)] };
}

/** The step that the runner says it works on, marked so; `null` if it works on none that was granted. */
function working(file: RunFile, { working: place }: Heartbeat): RunFile | null {
  if (place === null || file.grant?.id !== place.grant) return null;
  const step = stepOf(file, place.list, place.position);
  if (step.state === 'running') return file;
  return step.state === 'granted' ? withStep(file, { ...step, state: 'running' }) : null;
}

function answerOf({ run }: RunFile, beat: Heartbeat, denials: readonly Denial[]): HeartbeatAnswer {
  const stops = beat.working !== null && run.hold !== null;
  return {
    state: run.state,
    version: run.version,
    stop: stops ? { because: run.hold?.because.slice(0, 2_000) ?? 'held' } : null,
    denials: [...denials],
  };
}

function stopEvent(reason: string): RunEvent {
  return { type: 'run.held', action: 'stop', outcome: 'deny', reason: `at once, in mid-step: ${reason}` };
}
