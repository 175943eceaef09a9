import { accountOf, endLinkRow } from '../../store/account-links.ts';
import type { LinkEnd } from '../../store/account-link-tables.ts';
import { transact, type Transaction } from '../../store/database.ts';
import {
  beginRenewal,
  breakRight,
  endRenewal,
  keepRenewed,
  lentBy,
  lentRight,
  type LentRow,
} from '../../store/lent-rights.ts';
import { insertEffect } from '../../store/outbox.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import type { Connection } from '../ports/connection.ts';
import type { Lending, LentRight } from '../ports/lending.ts';
import type { Taken } from '../ports/taken.ts';

/** What ends so soon is renewed first. */
const SOON_MS = 60_000;
/** Whoever renews has it alone for so long: longer than an attempt lasts. */
const RENEWAL_S = 20;

/** Ends a link, and gives back what was lent with it. */
export async function endWithRight(
  tx: Transaction,
  { id, connection }: { readonly id: string; readonly connection: string },
  end: { readonly by: string; readonly because: LinkEnd },
): Promise<void> {
  await endLinkRow(tx, id, end);
  const right = await lentRight(tx, id);
  if (right && right.sealed !== null) await wantGivenBack(tx, id, connection);
}

/** Whoever leaves has lent nothing any more. */
export async function giveBackAll(tx: Transaction, person: string): Promise<void> {
  for (const { link, connection } of await lentBy(tx, person)) await wantGivenBack(tx, link, connection);
}

async function wantGivenBack(tx: Transaction, link: string, connection: string): Promise<void> {
  const about = `account-link/${link}`;
  await insertEffect(tx, {
    key: `give-back:${link}`,
    topic: 'give-back',
    payload: { link },
    connection,
    about,
  });
}

/** Tells the peer that the right ends. It is kept, sealed, until the peer has heard that. */
export async function giveBack(
  context: AppContext,
  { name, offers }: Connection,
  link: string,
  signal: AbortSignal,
): Promise<Taken> {
  const right = await rightOf(context, link);
  if (right === null) return { kind: 'taken', receipt: null };
  if (!offers.lending)
    return {
      kind: 'refused',
      because: `expected \`${name}\` to take back what it gave, got no client for that`,
    };
  return offers.lending.giveBack(right, signal);
}

async function rightOf(context: AppContext, link: string): Promise<(LentRight & { row: LentRow }) | null> {
  const row = await lentRight(context.db, link);
  const account = await accountOf(context.db, link);
  return row && row.sealed !== null && account !== null ? { sealed: row.sealed, account, row } : null;
}

/**
 * The right that was lent with a link, renewed where it ends soon; or why there is none that can be used. One that the peer takes no more
 * is broken from then on, and its person told.
 */
export async function usableRight(
  context: AppContext,
  lending: Lending,
  link: { readonly id: string; readonly person: string; readonly connection: string },
  signal: AbortSignal,
): Promise<{ readonly kind: 'usable'; readonly right: LentRight } | Exclude<Taken, { kind: 'taken' }>> {
  const right = await rightOf(context, link.id);
  if (right === null || right.row.broken_because !== null)
    return {
      kind: 'refused',
      because: `expected the right to post at ${link.connection}, got none: ${AGAIN}`,
    };
  const { until } = right.row;
  if (until === null || until.getTime() > Date.now() + SOON_MS) return { kind: 'usable', right };
  if (!(await transact(context.db, (tx) => beginRenewal(tx, link.id, RENEWAL_S))))
    return {
      kind: 'later',
      because: 'expected the right to post, got one that is being renewed',
      retryAfterMs: null,
    };
  // Read anew: whoever had it before may have renewed it.
  const held = (await rightOf(context, link.id)) ?? right;
  const renewed = await lending.renew(held, signal);
  if (renewed.kind === 'seen') {
    await transact(context.db, (tx) => keepRenewed(tx, link.id, renewed.found));
    return { kind: 'usable', right: { sealed: renewed.found.sealed, account: held.account } };
  }
  await transact(context.db, (tx) => endRenewal(tx, link.id));
  // A no for good, in whichever words: what it gave is good no more.
  return renewed.kind === 'refused' || renewed.credential === 'refused'
    ? { kind: 'refused', because: await broken(context, link) }
    : renewed;
}

const AGAIN = 'link the account again, on your page under People';

/** Notes that the peer takes the right no more. Gives why, for its person. */
export async function broken(
  context: AppContext,
  { id, person, connection }: { readonly id: string; readonly person: string; readonly connection: string },
): Promise<string> {
  const because = `${connection} takes the right to post as you no more: ${AGAIN}`;
  await transact(context.db, async (tx) => {
    if (!(await breakRight(tx, id, because))) return;
    const about = `account-link/${id}`;
    await tellPeople(tx, {
      to: [person],
      key: `lent-right:${id}`,
      kind: 'account-link',
      about,
      body: because,
    });
  });
  return because;
}
