import { transact } from '../../store/database.ts';
import { anyPerson, insertPerson, lockPeople } from '../../store/people.ts';
import { grantRole } from '../../store/standing-roles.ts';
import { insertToken } from '../../store/tokens.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { newId, newSecret } from '../secrets.ts';

const NAME = 'admin';
const DAYS = 90;

/** The account made at the first start, and its token, which is written down nowhere. */
export interface FirstAdministrator {
  readonly name: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes the first administrator where there is no account at all; `null` where there is one. Safe when many start at once. */
export async function firstAdministrator(context: AppContext): Promise<FirstAdministrator | null> {
  const secret = newSecret('token');
  return transact(context.db, async (tx) => {
    await lockPeople(tx);
    if (await anyPerson(tx)) return null;
    const by = 'system';
    await insertPerson(tx, {
      name: NAME,
      kind: 'person',
      displayName: 'First administrator',
      botOf: null,
      password: null,
    });
    await grantRole(tx, { person: NAME, role: 'admin', by });
    const row = await insertToken(tx, {
      id: newId('tok'),
      person: NAME,
      label: 'first start',
      secretHash: secret.hash,
      scopes: ['read', 'ask', 'admin'],
      days: DAYS,
      by,
    });
    await record(tx, {
      ...entryBase(context, systemCall('first-start')),
      type: 'person.created',
      action: 'create',
      object: `person/${NAME}`,
      outcome: 'allow',
      reason: 'first administrator made: there was no account',
      before: null,
      after: null,
      details: { token: row.id, 'expires-at': row.expires_at.toISOString() },
    });
    return { name: NAME, token: secret.text, expiresAt: row.expires_at };
  });
}
