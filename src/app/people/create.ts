import type { NewPerson, Person } from '../../contract/people.ts';
import { findPerson, insertPerson } from '../../store/people.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { hashPassword } from '../passwords.ts';
import { personView } from './view.ts';

/** Makes a local account. It holds no role yet and has no token. */
export async function createPerson(
  context: AppContext,
  call: Call,
  wanted: NewPerson,
): Promise<Outcome<Recorded<Person>>> {
  // Before the transaction: it takes a tenth of a second of a core.
  const password = wanted.password === undefined ? null : await hashPassword(wanted.password);
  const deed = { type: 'person.created', action: 'create', object: `person/${wanted.name}` };
  return carryOut(context, call, deed, async (tx) => {
    const { name, kind, displayName, botOf, agent } = wanted;
    if (botOf !== null && (await findPerson(tx, botOf))?.kind !== 'person') {
      return refuse('invalid', `expected \`botOf\` to name a person, got \`${botOf}\``);
    }
    const inserted = await insertPerson(tx, { name, kind, displayName, botOf, agent, password });
    const row = await findPerson(tx, name);
    if (!inserted || !row) return refuse('exists', `expected a new account name, got \`${name}\``);
    const value = personView(row);
    return done({
      value,
      reason: `${agent ? 'agent' : kind} account made`,
      after: digestOf(context, value),
      details: { kind, 'bot-of': botOf, agent },
    });
  });
}
