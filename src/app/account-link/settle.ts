import type { AccountLink, AccountLinks } from '../../contract/account-links.ts';
import {
  confirmLinkRow,
  linkInForce,
  linkOfPerson,
  linksOf,
  lockLink,
  type LinkRow,
} from '../../store/account-links.ts';
import { lentRightsOf, type LentRow } from '../../store/lent-rights.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { hearsWords } from './hears-words.ts';
import { whyAuthenticateAgain } from '../identity/fresh.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { mayManage } from '../people/may-manage.ts';
import { endWithRight } from './lent.ts';

/** Says, signed in here, that the account which posted the words is one's own; from then on it speaks for this person. */
export async function confirmLink(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<Recorded<AccountLink>>> {
  const deed = { type: 'account-link.confirmed', action: 'confirm-link', object: `account-link/${id}` };
  return carryOut(context, call, deed, async (tx) => {
    const row = await lockLink(tx, id);
    const { person } = call.actor;
    if (!row || row.person !== person) return refuse('not_found', `expected a link of yours, got \`${id}\``);
    const { connection, external_user: externalUser } = row;
    if (row.ended_at !== null || row.confirmed_at !== null || externalUser === null)
      return refuse('conflict', `expected a link that was posted and waits, got one that is ${stateOf(row)}`);
    const taken = await linkInForce(tx, connection, externalUser);
    if (taken && taken.person !== person)
      return refuse(
        'conflict',
        'expected an account that is nobody else’s, got one that is linked to another person',
      );
    const refused = await whyAuthenticateAgain(tx, context, call, 'an account elsewhere speaks for you');
    if (refused) return refused;
    const former = await linkOfPerson(tx, connection, person);
    if (former) await endWithRight(tx, former, { by: person, because: 'replaced' });
    await confirmLinkRow(tx, id);
    return done({
      value: viewOf(await held(lockLink(tx, id))),
      reason: `an account at ${connection} speaks for ${person}`,

      details: { connection, 'external-user': externalUser, ...(former && { replaces: former.id }) },
    });
  });
}

/** Ends a link, or the asking for one: its person, or an administrator. Words given by it stay as they were. */
export async function endLink(context: AppContext, call: Call, id: string): Promise<Outcome<Recorded<null>>> {
  const deed = { type: 'account-link.ended', action: 'end-link', object: `account-link/${id}` };
  return carryOut(context, call, deed, async (tx) => {
    const row = await lockLink(tx, id);
    // Who may not see a link learns nothing of whether it exists.
    if (!row || (row.person !== call.actor.person && !mayManage(call.actor)))
      return refuse('not_found', `expected a link, got \`${id}\`, which there is none of`);
    if (row.ended_at !== null) return refuse('conflict', 'expected a link in force, got one that has ended');
    await endWithRight(tx, row, { by: call.actor.person, because: 'revoked' });
    return done({
      value: null,
      reason: `the account at ${row.connection} speaks for ${row.person} no more`,
      details: { connection: row.connection, person: row.person },
    });
  });
}

/** One's own links; as an administrator those of everybody, where they are asked for. */
export async function readLinks(context: AppContext, call: Call, all: boolean): Promise<AccountLinks> {
  const everybody = all && mayManage(call.actor);
  const rows = await linksOf(context.db, everybody ? null : call.actor.person);
  const rights = await lentRightsOf(
    context.db,
    rows.map(({ id }) => id),
  );
  return {
    links: rows.map((row) => ({
      ...viewOf(row),
      mayPost: mayPostOf(rights.find(({ link }) => link === row.id)),
    })),
    peers: context.connections.all.flatMap((one) =>
      hearsWords(one) || one.offers.lending
        ? [{ connection: one.name, scopes: [...(one.offers.lending?.scopes ?? [])] }]
        : [],
    ),
  };
}

function mayPostOf(right: LentRow | undefined): AccountLink['mayPost'] {
  if (!right) return null;
  const { scopes, lent_at: at, broken_because: because, sealed } = right;
  const state = sealed === null ? 'given-back' : because === null ? 'lent' : 'broken';
  return { state, scopes: [...scopes], since: at.toISOString(), because };
}

async function held(row: Promise<LinkRow | undefined>): Promise<LinkRow> {
  const found = await row;
  if (!found) throw new Error('expected the link that is held, got none');
  return found;
}

function stateOf(row: LinkRow): AccountLink['state'] {
  if (row.ended_at !== null) return 'ended';
  if (row.confirmed_at !== null) return 'linked';
  return row.claimed_at === null ? 'asked' : 'claimed';
}

export function viewOf(row: LinkRow): AccountLink {
  return {
    id: row.id,
    person: row.person,
    connection: row.connection,
    state: stateOf(row),
    externalUser: row.external_user,
    shownAs: row.shown_as,
    askedAt: row.asked_at.toISOString(),
    linkedAt: row.confirmed_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBecause: row.ended_because,
    mayPost: null,
  };
}
