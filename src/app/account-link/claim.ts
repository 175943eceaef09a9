import { claimLinkRow, endLinkRow, linkOfCode } from '../../store/account-links.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { systemCall } from '../actor.ts';
import { carryOut, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { codeHash } from '../secrets.ts';
import { codesIn } from './phrase.ts';

/** What somebody posted at a peer, as the peer itself says it. */
export interface Posted {
  readonly connection: string;
  /** The peer's own id of whoever posted; of two instances of one peer never the same. */
  readonly externalUser: string;
  /** The name that people see there. */
  readonly shownAs: string;
  readonly text: string;
}

/**
 * Notes who posted the words that a person was given, if any are in it. It links nothing yet: where many can read what is posted, somebody may
 * copy it, so the person says here whether the account is theirs, and words that two posted are worth nothing.
 */
export async function claimLinks(context: AppContext, posted: Posted): Promise<void> {
  for (const code of codesIn(posted.text)) {
    const deed = {
      type: 'account-link.claimed',
      action: 'claim-link',
      object: `connection/${posted.connection}`,
    };
    const heardBefore = await alreadyClaimed(context, posted, code);
    if (!heardBefore)
      await carryOut(context, systemCall(posted.connection), deed, (tx) => claim(tx, posted, code));
  }
}

/** The same comment may be read many times. */
async function alreadyClaimed(context: AppContext, posted: Posted, code: string): Promise<boolean> {
  return transact(context.db, async (tx) => {
    const row = await linkOfCode(tx, posted.connection, codeHash(code));
    return row !== undefined && row.ended_at === null && row.external_user === posted.externalUser;
  });
}

async function claim(tx: Transaction, posted: Posted, code: string): Promise<Outcome<Result<null>>> {
  const { connection, externalUser, shownAs } = posted;
  const row = await linkOfCode(tx, connection, codeHash(code));
  if (!row || row.ended_at !== null)
    return refuse('not_found', 'expected the words of somebody who asked for a link, got others');
  if (row.external_user === null && row.late)
    return refuse('conflict', 'expected the words within their time, got them later');
  const details = { link: row.id, connection, 'external-user': externalUser };
  if (row.external_user === null) {
    await claimLinkRow(tx, row.id, { externalUser, shownAs: shownAs.slice(0, 200) || externalUser });
    await tellPeople(tx, {
      to: [row.person],
      key: `account-link:${row.id}`,
      kind: 'account-link',
      about: `account-link/${row.id}`,
      body: `An account at ${connection} says that it is yours. Confirm it only if it is: interlock account list.`,
    });
    return done({
      value: null,
      reason: `an account at ${connection} was said to be of ${row.person}`,
      details,
    });
  }
  // Confirmed already: whoever repeats the words now gets nothing, and takes nothing away.
  if (row.confirmed_at !== null)
    return refuse('conflict', 'expected words that are good once, got them again');
  await endLinkRow(tx, row.id, { by: 'system', because: 'claimed twice' });
  return done({
    value: null,
    reason: 'two accounts posted the same words: neither is linked by them',
    details,
  });
}
