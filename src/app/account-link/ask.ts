import type { AskedLink } from '../../contract/account-links.ts';
import { insertLink } from '../../store/account-links.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { newCode, newId } from '../secrets.ts';
import { hearsWords } from './hears-words.ts';
import { phraseOf } from './phrase.ts';

const MINUTES = 15;

/** Gives a person, signed in here, the words that prove an account at a peer to be theirs. */
export async function askLink(
  context: AppContext,
  call: Call,
  connection: string,
): Promise<Outcome<Recorded<AskedLink>>> {
  const { person } = call.actor;
  const deed = { type: 'account-link.asked', action: 'ask-link', object: `person/${person}` };
  const peer = context.connections.all.find(({ name }) => name === connection);
  return carryOut(context, call, deed, async (tx) => {
    if (!peer || !hearsWords(peer))
      return refuse('not_found', `expected a peer that hears what is posted there, got \`${connection}\``);
    const code = newCode();
    const row = await insertLink(tx, {
      id: newId('lnk'),
      person,
      connection,
      codeHash: code.hash,
      minutes: MINUTES,
    });
    return done({
      value: { id: row.id, connection, say: phraseOf(code.text), until: row.code_until.toISOString() },
      reason: `asked for a link with an account at ${connection}`,
      details: { link: row.id, connection },
    });
  });
}
