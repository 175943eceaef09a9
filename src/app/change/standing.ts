import { whyNot, type ChangeAct } from '../../kernel/change/capability.ts';
import { findRevision, lockChange, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { agentOf, type Call } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';

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
  const { actor } = call;
  const { team, cmoc, emoc } = revision.plan;
  const why = whyNot(
    act,
    {
      person: actor.person,
      isService: actor.kind !== 'person',
      roles: actor.standing,
      onDuty: actor.onDuty,
      agentOf: agentOf(actor),
    },
    {
      state: row.state,
      author: row.author,
      executor: row.executor,
      team,
      communicators: [cmoc, emoc].filter((one) => one !== null),
    },
  );
  return why === null ? { ok: true, row, revision } : refuse('not_permitted', why);
}
