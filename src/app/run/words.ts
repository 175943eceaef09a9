import {
  endOfAbort,
  goOn,
  refuseAbort,
  refuseGoOn,
  refuseRollback,
  refuseSettle,
  refuseSuspend,
} from '../../kernel/run/acts.ts';
import { alsoHeldBy, HOLD_RELEASED_BY, newHold, type Hold } from '../../kernel/run/hold.ts';
import { stepAt } from '../../kernel/run/outline.ts';
import type { Settlement } from '../../kernel/run/snapshot.ts';
import type { StepList } from '../../kernel/run/state.ts';
import { refuse, type Refused } from '../outcome.ts';
import { endRun } from './end.ts';
import {
  held,
  snapshotOf,
  withoutGrant,
  withRun,
  withSnapshot,
  withStep,
  working,
  type RunFile,
} from './run-file.ts';
import type { Take, Taken } from './word.ts';

/** Hold: at the next safe place to stop, or at once. Where nothing is under way it takes hold here and now. */
export function takeHold({ because, now }: { readonly because: string; readonly now: boolean }): Take {
  return (file, { person, standings }) => {
    const dutyOnly = standings.includes('eoc') || standings.includes('imoc');
    if (file.run.hold !== null) return holdMore(file, file.run.hold, { by: person, dutyOnly });
    const hold = { ...newHold('person', because, file.now), by: person, dutyOnly, needsPerson: true };
    const reason = `by ${person}, ${now ? 'at once' : 'at the next safe place to stop'}`;
    if (file.grant === null) return { file: held(file, hold), reason };
    return { file: withRun(file, { holdWanted: { by: person, because, dutyOnly, now } }), reason };
  };
}

/** A run that is held already, but would go on by itself, or by a word of people who are not on duty. */
function holdMore(
  file: RunFile,
  hold: Hold,
  word: { readonly by: string; readonly dutyOnly: boolean },
): Taken {
  const more = alsoHeldBy(hold, word);
  const byItself = HOLD_RELEASED_BY[hold.cause] === 'passes' && !hold.needsPerson;
  const goesOn = byItself || hold.releasedBy !== null;
  if (hold.cause === 'hand-off' || !(goesOn || more.dutyOnly !== hold.dutyOnly)) {
    return refuse('conflict', 'expected a run that goes on, got one that is held');
  }
  return { file: withRun(file, { hold: more }), reason: `by ${word.by}, on top of ${hold.cause}` };
}

/** Go on: a suspended run is held again first; a held one asks the verdict at once, and goes on if that allows it. */
export const takeGoOn: Take = (file, speaking) => {
  const { person } = speaking;
  if (file.run.state === 'suspended') {
    return { file: withRun(file, { state: 'held', suspendWords: {} }), reason: `brought back by ${person}` };
  }
  const snapshot = snapshotOf(file);
  const not = refuseGoOn(file.run.outline, snapshot, speaking);
  if (not !== null) return refuse('conflict', not);
  return { file: withSnapshot(file, goOn(snapshot, person)), reason: `by ${person}` };
};

/** Roll back: every step that may have acted is undone, the last one first. */
export const takeRollback: Take = (file, { person }) => {
  const not = refuseRollback(file.run.outline, snapshotOf(file));
  if (not !== null) return refuse('conflict', not);
  const back = withRun(withoutGrant(file, 'rolled back'), { phase: 'rollback', denied: [] });
  return { file: working(back), reason: `by ${person}` };
};

/** Give the run up as it stands. */
export const takeAbort: Take = (file, { person }) => {
  const early = mayStillWork(file);
  if (early !== null) return early;
  const snapshot = snapshotOf(file);
  const not = refuseAbort(snapshot);
  if (not !== null) return refuse('conflict', not);
  return {
    file: endRun(file, endOfAbort(snapshot), `given up by ${person}`).file,
    reason: `given up by ${person}`,
  };
};

/** A person states what an unknown step did. The run stays held. */
export function takeSettlement(place: {
  readonly list: StepList;
  readonly position: number;
  readonly settlement: Settlement;
}): Take {
  const { list, position, settlement } = place;
  return (file, { person }) => {
    const step = file.steps.find((one) => one.list === list && one.position === position);
    if (step === undefined) return refuse('not_found', `expected a step, got \`${list}/${position}\``);
    const not = refuseSettle(step);
    if (not !== null) return refuse('conflict', not);
    const happened = settlement === 'happened';
    const settled = withStep(file, {
      ...step,
      state: happened ? 'succeeded' : 'failed',
      failedAt: happened ? null : 'command',
      settlement,
      settledBy: person,
      because: `${person} states: ${settlement}`,
      recheck: happened && stepAt(file.run.outline, list, position).afterChecks.length > 0,
    });
    return { file: settled, reason: `step \`${step.name}\`: ${settlement}, stated by ${person}` };
  };
}

/** Suspend: the EOC and the IMOC both say so; then the change that repairs the damage may start. */
export const takeSuspension: Take = (file, { person, standings }) => {
  const early = mayStillWork(file);
  if (early !== null) return early;
  const not = refuseSuspend(snapshotOf(file));
  if (not !== null) return refuse('conflict', not);
  const words = {
    ...file.run.suspendWords,
    ...(standings.includes('eoc') && { eoc: person }),
    // One person fills one slot.
    ...(standings.includes('imoc') && !standings.includes('eoc') && { imoc: person }),
  };
  const both = words.eoc !== undefined && words.imoc !== undefined && words.eoc !== words.imoc;
  const reason = both
    ? `by ${words.eoc} and ${words.imoc}`
    : `${person} says so; the other of EOC and IMOC has to as well`;
  return { file: withRun(file, { suspendWords: words, state: both ? 'suspended' : 'held' }), reason };
};

/** INVARIANT: a run keeps its place on the stage while its lost runner may still work, whatever people state of it. */
function mayStillWork({ run, now }: RunFile): Refused | null {
  const { takeOverFrom } = run;
  if (takeOverFrom === null || takeOverFrom <= now) return null;
  const seconds = Math.ceil((takeOverFrom - now) / 1_000);
  return refuse('too_early', `the runner that was lost may still be working for ${seconds} s`, {
    takeOverFrom: new Date(takeOverFrom).toISOString(),
  });
}
