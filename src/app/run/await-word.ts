import { newHold } from '../../kernel/run/hold.ts';
import { nextWant } from '../../kernel/run/next.ts';
import { stepAt } from '../../kernel/run/outline.ts';
import { findChange } from '../../store/changes.ts';
import { isSameHuman } from '../../store/humans.ts';
import { refuse } from '../outcome.ts';
import { held, snapshotOf, stepOf, withoutGrant, withStep, working, type RunFile } from './run-file.ts';
import type { Take } from './word.ts';

/** The run held at a step that waits for a word. It keeps no grant: nothing is executed meanwhile. */
export function awaitingWord(file: RunFile, position: number): RunFile {
  const { name, approval } = stepAt(file.run.outline, 'steps', position);
  const because = `step \`${name}\` waits for the word of ${approval?.role ?? 'somebody'}: ${approval?.confirm ?? ''}`;
  const hold = { ...newHold('approval', because, file.now), needsPerson: true };
  return held(withoutGrant(file, 'waits for a word'), hold);
}

/**
 * The word that a step waits for. INVARIANT: it is given by somebody who holds the role now, and never by a human who
 * executes the run or wrote its plan.
 */
export function takeApproval({ because }: { readonly because: string }): Take {
  return async (file, { person, standings }, tx) => {
    const want = nextWant(file.run.outline, snapshotOf(file));
    if (file.run.hold?.cause !== 'approval' || want.kind !== 'approval') {
      return refuse('conflict', 'expected a run that waits for a word at a step, got one that does not');
    }
    const { approval } = stepAt(file.run.outline, 'steps', want.position);
    if (approval === undefined || !standings.includes(approval.role)) {
      return refuse(
        'not_permitted',
        `expected the word of ${approval?.role ?? 'somebody'}, got that of \`${person}\``,
      );
    }
    const { executor, runner, changeId } = file.run;
    const change = await findChange(tx, changeId);
    const involved = [executor, runner.person, change?.author, change?.author_bot_of];
    if (await isSameHuman(tx, person, involved)) {
      return refuse(
        'not_permitted',
        `expected somebody who neither executes nor wrote it, got \`${person}\``,
      );
    }
    const step = stepOf(file, 'steps', want.position);
    const reason = `step \`${step.name}\`: yes by ${person} (${approval.role}): ${because}`;
    const done = withStep(file, {
      ...step,
      state: 'succeeded',
      because: `yes by ${person} (${approval.role}): ${because}`.slice(0, 2_000),
      startedAt: file.run.hold.since,
      endedAt: file.now,
    });
    return { file: working(done), reason };
  };
}
