import type { AccountLink, LendingPage, LendingReturn } from '../../contract/account-links.ts';
import {
  claimLinkRow,
  confirmLinkRow,
  endLinkRow,
  insertLink,
  linkInForce,
  linkOfCode,
  linkOfPerson,
  lockLink,
} from '../../store/account-links.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertLentRight } from '../../store/lent-rights.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { whyAuthenticateAgain } from '../identity/fresh.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { attempt } from '../outside/attempt.ts';
import type { Lending, Lent } from '../ports/lending.ts';
import type { Seen } from '../ports/taken.ts';
import { newId, newSecret, secretHash } from '../secrets.ts';
import { endWithRight } from './lent.ts';
import { viewOf } from './settle.ts';

const MINUTES = 10;

/**
 * Begins the way to a peer's own page, where a person lends the right to post as themselves. Of `state` its hash alone is kept, with the
 * credential that began it: nothing else ends it.
 */
export async function beginLending(
  context: AppContext,
  call: Call,
  connection: string,
): Promise<Outcome<Recorded<LendingPage>>> {
  const { person, credential } = call.actor;
  const deed = { type: 'account-link.lending-begun', action: 'begin-lending', object: `person/${person}` };
  const lending = lendingAt(context, connection);
  return carryOut(context, call, deed, async (tx) => {
    if (!lending)
      return refuse('not_found', `expected a peer at which one may post as oneself, got \`${connection}\``);
    const refused = await whyAuthenticateAgain(tx, context, call, 'an account elsewhere speaks for you');
    if (refused) return refused;
    const state = newSecret('flow');
    const row = await insertLink(tx, {
      id: newId('lnk'),
      person,
      connection,
      codeHash: state.hash,
      minutes: MINUTES,
      askedWith: credential.id,
    });
    return done({
      value: {
        url: lending.page(state.text),
        scopes: [...lending.scopes],
        until: row.code_until.toISOString(),
      },
      reason: `goes to ${connection} to lend the right to post there`,
      details: { link: row.id, connection },
    });
  });
}

/** Ends it, with what the peer sent the browser back with: the account is linked from then on, and may be posted as. */
export async function completeLending(
  context: AppContext,
  call: Call,
  { connection, parameters }: LendingReturn,
): Promise<Outcome<Recorded<AccountLink>>> {
  const deed = { type: 'account-link.confirmed', action: 'lend', object: `person/${call.actor.person}` };
  const query = new URLSearchParams(parameters);
  const state = query.get('state') ?? '';
  const lending = lendingAt(context, connection);
  const begun = await transact(context.db, (tx) => begunBy(tx, call, connection, state));
  if (begun === null || lending === null)
    return carryOut(context, call, deed, () => Promise.resolve(refuse('not_permitted', NOT_BEGUN)));
  const lent = await askForIt(context, lending, { state, code: query.get('code') });
  return carryOut(context, call, { ...deed, object: `account-link/${begun}` }, async (tx) => {
    const linked =
      lent.kind === 'seen' ? await link(tx, call, { id: begun, connection, state }, lent.found) : null;
    if (linked) return linked;
    const { kind, because } = lent as Exclude<typeof lent, { kind: 'seen' }>;
    return refuse(kind === 'later' ? 'unavailable' : 'not_permitted', because);
  }).then(async (outcome) => {
    if (!outcome.ok) await abandon(context, call, { id: begun, lending, lent });
    return outcome;
  });
}

const NOT_BEGUN =
  'expected a way to the peer that this sign-in began, within ten minutes, and has not ended, got another: begin anew';

function lendingAt({ connections }: AppContext, connection: string): Lending | null {
  return connections.all.find(({ name }) => name === connection)?.offers.lending ?? null;
}

/** The link that a `state` is of, while it may be ended by whoever calls. */
async function begunBy(
  tx: Transaction,
  call: Call,
  connection: string,
  state: string,
): Promise<string | null> {
  const hash = secretHash('flow', state);
  const row = hash === null ? undefined : await linkOfCode(tx, connection, hash);
  if (!row || row.late || row.claimed_at !== null || row.ended_at !== null) return null;
  // INVARIANT: the way that one session began is ended by that session, so that nobody is given the account of another.
  return row.person === call.actor.person && row.asked_with === call.actor.credential.id ? row.id : null;
}

/** Outside of any transaction: the peer is asked. */
async function askForIt(
  context: AppContext,
  lending: Lending,
  { state, code }: { readonly state: string; readonly code: string | null },
): Promise<Seen<Lent>> {
  if (code === null || code === '')
    return { kind: 'refused', because: 'expected a yes at the peer, got a no' };
  let lent: Seen<Lent> | null = null;
  const said = await attempt(async (signal) => {
    lent = await lending.take({ state, code }, signal);
    return lent.kind === 'seen' ? { kind: 'taken', receipt: null } : lent;
  }, context.connections.mask);
  if (said.kind === 'taken' && lent !== null) return lent;
  // A code that the peer does not stand by is none for good.
  if (said.kind === 'later' && said.credential === 'refused')
    return { kind: 'refused', because: said.because };
  return said as Exclude<typeof said, { kind: 'taken' }>;
}

async function link(
  tx: Transaction,
  call: Call,
  { id, connection, state }: { readonly id: string; readonly connection: string; readonly state: string },
  lent: Lent,
): Promise<Outcome<Result<AccountLink>>> {
  const { person } = call.actor;
  // Once more, held: the same came back twice.
  if ((await begunBy(tx, call, connection, state)) === null) return refuse('not_permitted', NOT_BEGUN);
  const taken = await linkInForce(tx, connection, lent.account);
  if (taken && taken.person !== person)
    return refuse(
      'conflict',
      'expected an account that is nobody else’s, got one that is linked to another person',
    );
  const former = await linkOfPerson(tx, connection, person);
  if (former) await endWithRight(tx, former, { by: person, because: 'replaced' });
  await claimLinkRow(tx, id, {
    externalUser: lent.account,
    shownAs: lent.shownAs.slice(0, 200) || lent.account,
  });
  await confirmLinkRow(tx, id);
  await insertLentRight(tx, id, lent);
  const row = await lockLink(tx, id);
  if (!row) throw new Error('expected the link that was just made, got none');
  const since = new Date().toISOString();
  return done({
    value: { ...viewOf(row), mayPost: { state: 'lent', scopes: [...lent.scopes], since, because: null } },
    reason: `an account at ${connection} speaks for ${person}, who lent the right to post there`,
    details: {
      connection,
      'external-user': lent.account,
      scopes: lent.scopes.join(' '),
      ...(former && { replaces: former.id }),
    },
  });
}

/** What came to nothing is not tried again; what was lent with it goes back. */
async function abandon(
  context: AppContext,
  call: Call,
  { id, lending, lent }: { readonly id: string; readonly lending: Lending; readonly lent: Seen<Lent> },
): Promise<void> {
  await transact(context.db, async (tx) => {
    const row = await lockLink(tx, id);
    if (row && row.confirmed_at === null)
      await endLinkRow(tx, id, { by: call.actor.person, because: 'refused' });
  });
  if (lent.kind === 'seen')
    await attempt((signal) => lending.giveBack(lent.found, signal), context.connections.mask);
}
