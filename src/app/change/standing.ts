import type { ActsView } from '../../contract/acts.ts';
import { CHANGE_ACTS, whyNot, type ChangeAct } from '../../kernel/change/capability.ts';
import {
  findChange,
  findRevision,
  lockChange,
  type ChangeRow,
  type RevisionRow,
} from '../../store/changes.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import { agentOf, type Call } from '../actor.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';

/** A request that is held, and may be acted on by whoever calls. */
export interface Held {
  readonly ok: true;
  readonly row: ChangeRow;
  readonly revision: RevisionRow;
}

/** Holds a request for an act, or refuses: there is none, it stands elsewhere, or this person may not. */
export async function holdFor(
  tx: Transaction,
  call: Call,
  id: string,
  act: ChangeAct,
): Promise<Held | Refused> {
  const row = await lockChange(tx, id);
  const revision = row && (await findRevision(tx, id, row.revision));
  if (!row || !revision)
    return refuse('not_found', `expected a change, got \`${id}\`, which there is none of`);
  const why = whyNotOf(call, act, row, revision);
  return why === null ? { ok: true, row, revision } : refuse('not_permitted', why);
}

/** What of a request whoever calls may do now, and of the rest why not: by the same table that decides. */
export async function actsOn(db: Queries, call: Call, id: string): Promise<Outcome<ActsView>> {
  const row = await findChange(db, id);
  const revision = row && (await findRevision(db, id, row.revision));
  if (!row || !revision)
    return refuse('not_found', `expected a change, got \`${id}\`, which there is none of`);
  return done({ acts: CHANGE_ACTS.map((act) => ({ act, whyNot: whyNotOf(call, act, row, revision) })) });
}

function whyNotOf(
  { actor }: Call,
  act: ChangeAct,
  { state, author, executor }: ChangeRow,
  revision: RevisionRow,
): string | null {
  const { team, cmoc, emoc } = revision.plan;
  return whyNot(
    act,
    {
      person: actor.person,
      isService: actor.kind !== 'person',
      roles: actor.standing,
      onDuty: actor.onDuty,
      agentOf: agentOf(actor),
    },
    { state, author, executor, team, communicators: [cmoc, emoc].filter((one) => one !== null) },
  );
}
