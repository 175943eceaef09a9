import { mayAct, WHO_MAY, type Standing } from '../../kernel/run/acts.ts';
import type { HandOffRow } from '../../store/hand-offs.ts';
import { isSameHuman } from '../../store/humans.ts';
import type { Queries } from '../../store/database.ts';
import type { StoredRun } from '../../store/runs.ts';
import type { Call } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';

/** For how long after its end a run may still be handed off: whoever ended an emergency writes once it is quiet. */
export const WRITTEN_WITHIN_MS = 12 * 3_600_000;

interface Writing {
  readonly run: Pick<StoredRun, 'id' | 'endedAt'>;
  readonly written: boolean;
  readonly standings: readonly Standing[];
  /** The database's clock, epoch milliseconds. */
  readonly now: number;
}

/** Why this person may not write the hand-off of a run now, or `null`. */
export function refuseWriting({ actor }: Call, { run, written, standings, now }: Writing): Refused | null {
  if (!mayAct('hand-off', standings)) {
    const wanted = WHO_MAY['hand-off'].join(', ');
    return refuse('not_permitted', `expected one of ${wanted}, got \`${actor.person}\``);
  }
  if (written) return refuse('exists', 'expected no hand-off note yet, got one');
  if (run.endedAt !== null && now - run.endedAt > WRITTEN_WITHIN_MS) {
    return refuse('conflict', 'expected a run that ended within 12 h, got one that is over for longer');
  }
  return null;
}

/** Why this person may not accept a hand-off now, or `null`: whom it was sent to may, or whoever is on call; not its writer. */
export async function refuseAccepting(
  db: Queries,
  { actor }: Call,
  row: HandOffRow,
): Promise<Refused | null> {
  const { person, kind, onDuty } = actor;
  if (kind !== 'person' || !(person === row.sent_to || onDuty.includes('eoc'))) {
    // Of one that was passed on, whoever it was sent to is shut out.
    const receiver = row.sent_to === null || row.sent_to !== row.owner ? '' : `\`${row.sent_to}\` or `;
    return refuse('not_permitted', `expected ${receiver}the engineer on call, got \`${person}\``);
  }
  if (await isSameHuman(db, person, [row.person]))
    return refuse('not_permitted', 'expected somebody other than its writer');
  // A note from before notes were sent has nothing to accept.
  if (row.facts === null)
    return refuse('conflict', 'expected a hand-off that was sent, got one that was not');
  return row.accepted_by === null
    ? null
    : refuse('conflict', 'expected a hand-off that waits, got one that is accepted');
}
