import type { AskedOwnWords, NewOwnWords } from '../../contract/own-words.ts';
import type { ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { insertEffect } from '../../store/outbox.ts';
import { insertOwnWord, isUnderWay, ownWordsOf } from '../../store/own-words.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import { whyNoWord } from '../change/approve.ts';
import { holdFor } from '../change/standing.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { newId } from '../secrets.ts';
import { offersOf, ownWordView, type Offer } from './offer.ts';

/**
 * One press of the engineer on call: their approval of the start is posted as themselves where the policy wants it written. It is an
 * approval only once the peer says that it stands there by their account.
 */
export async function postOwnWords(
  context: AppContext,
  call: Call,
  id: string,
  { digest, places }: NewOwnWords,
): Promise<Outcome<Recorded<AskedOwnWords>>> {
  const deed = { type: 'change.own-words-asked', action: 'post-approval', object: `change/${id}` };
  return carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'approve');
    if (!held.ok) return held;
    const { row, revision } = held;
    const approval = { as: 'eoc', for: 'start', digest } as const;
    const refused = await whyNoWord(tx, context, call, { row, revision, word: { via: 'issue', approval } });
    if (refused) return refused;
    const offers = await offersOf(context, tx, call.actor.person, row);
    const made: string[] = [];
    for (const place of new Set(places)) {
      const offer = offers.find((one) => one.place === place);
      const word = await ask(tx, call, { row, offer, place });
      if (typeof word !== 'string') return word;
      made.push(word);
    }
    const words = (await ownWordsOf(tx, id)).filter((one) => made.includes(one.id));
    return done({
      value: { words: words.map(ownWordView) },
      reason: `has the approval of the start posted as ${call.actor.person}`,
      digests: { plan: digest },
      details: { words: made.join(' '), at: words.map(({ connection }) => connection).join(' ') },
    });
  });
}

async function ask(
  tx: Transaction,
  { actor: { person } }: Call,
  {
    row,
    offer,
    place,
  }: { readonly row: ChangeRow; readonly offer: Offer | undefined; readonly place: Offer['place'] },
): Promise<string | Refused> {
  if (!offer)
    return refuse(
      'conflict',
      `expected a peer for the ${place} that posts as people, got none: write it there`,
    );
  if (offer.link === null) return refuse('conflict', offer.because ?? 'expected a right to post, got none');
  const { connection, link, body } = offer;
  const word = {
    id: newId('own'),
    change_id: row.id,
    person,
    place,
    connection,
    link,
    digest: row.digest,
    body,
  };
  if (await isUnderWay(tx, word))
    return refuse('conflict', `expected no word of yours on its way to the ${place}, got one: wait for it`);
  await insertOwnWord(tx, word);
  await insertEffect(tx, {
    key: `own-word:${word.id}`,
    topic: 'own-word',
    payload: { word: word.id },
    connection,
    about: `change/${row.id}`,
  });
  return word.id;
}
