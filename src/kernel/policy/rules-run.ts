import { formatInstant } from '../calendar/instant.ts';
import { isBlank } from './blank.ts';
import { kindNotKnown } from './effective-kind.ts';
import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import type { CheckOutcome } from './facts.ts';
import { are, listed } from './in-words.ts';
import type { Judged } from './judged.ts';

// While it runs, and when it ends.

export function preflightPassed({ change }: Judged): Finding {
  return allPassed(change.preflights, change.plan.preflightChecks, 'pre-flight check');
}

export function postchecksPassed({ change }: Judged): Finding {
  return allPassed(change.postchecks, change.plan.postChecks, 'post-verification check');
}

/** Results count once for each check: the same one twice does not stand for another that is missing. */
function allPassed(results: readonly CheckOutcome[], wanted: number | undefined, what: string): Finding {
  const failed = results.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) return deny(`Every ${what} has to pass; failed: ${namesOf(failed)}.`);
  const open = results.filter(({ verdict }) => verdict !== 'pass');
  if (open.length > 0) return unknown(`Every ${what} has to pass; without a verdict: ${namesOf(open)}.`);
  if (wanted === undefined) return missing(`the number of ${what}s in the plan`);
  const passed = distinctNames(results);
  if (passed < wanted)
    return unknown(`Every ${what} has to pass; the plan has ${wanted}, results are there for ${passed}.`);
  return pass(`Every ${what} passed, ${passed} of ${wanted}.`);
}

function distinctNames(results: readonly CheckOutcome[]): number {
  return new Set(results.flatMap(({ name }) => (name === undefined ? [] : [name]))).size;
}

function namesOf(results: readonly CheckOutcome[]): string {
  return listed(results.map(({ name }) => name ?? 'one without a name'));
}

export function watchedMetrics({ change }: Judged): Finding {
  const failed = change.watched.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0)
    return deny(
      `No watched metric may be in its failure range; ${namesOf(failed)} ${are(failed.length)}: roll back.`,
    );
  const open = change.watched.filter(({ verdict }) => verdict !== 'pass');
  if (open.length > 0)
    return unknown(`Every watched metric has to be readable; without a verdict: ${namesOf(open)}.`);
  return pass(
    change.watched.length === 0
      ? 'No metric is watched.'
      : `No watched metric is in its failure range: ${namesOf(change.watched)}.`,
  );
}

export function updatesDue({ change }: Judged): Finding {
  const { updatesOverdue } = change;
  return updatesOverdue > 0
    ? deny(
        `Every audience has to be kept informed; ${updatesOverdue} ${updatesOverdue === 1 ? 'waits' : 'wait'} for a late update.`,
      )
    : pass('No update is late.');
}

export function overrun({ change, at }: Judged): Finding | null {
  if (change.slot === null) return null;
  const { end } = change.slot;
  if (end === undefined) return missing('when the slot ends');
  return at >= end
    ? deny(`The run should have ended with its slot, at ${formatInstant(end)}.`)
    : pass(`The slot lasts until ${formatInstant(end)}.`);
}

export function handoffWritten({ change, kind }: Judged): Finding | null {
  if (kind.maintenance === false) return null;
  if (kind.maintenance === undefined) return kindNotKnown(kind);
  const { handoff } = change;
  const wanted = 'Maintenance ends with a hand-off note (state, silences, graphs)';
  if (handoff === null) return deny(`${wanted}; there is none.`);
  if (handoff.state === undefined) return missing('the state in the hand-off note');
  return isBlank(handoff.state)
    ? deny(`${wanted}; its state is empty.`)
    : pass('The hand-off note is written.');
}
