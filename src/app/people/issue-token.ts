import type { NewToken, Token } from '../../contract/people.ts';
import { lastAuthentication, noteAuthentication } from '../../store/authentications.ts';
import type { Transaction } from '../../store/database.ts';
import { lockPerson } from '../../store/people.ts';
import { insertToken, type TokenRow } from '../../store/tokens.ts';
import type { Actor, Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { whyProveAuthority } from '../identity/fresh.ts';
import { newId, newSecret } from '../secrets.ts';
import { mayManage } from './may-manage.ts';
import { tokenView } from './view.ts';

/**
 * Issues a token, shown this once. An administrator does it for any account of this server; a person for themselves, from a session
 * that a password or the provider began: a token never makes another, so that revoking it ends all it opened.
 */
export async function issueToken(
  context: AppContext,
  call: Call,
  name: string,
  wanted: NewToken,
): Promise<Outcome<Recorded<Token & { secret: string }>>> {
  const deed = { type: 'token.issued', action: 'issue-token', object: `person/${name}` };
  return carryOut(context, call, deed, async (tx) => {
    const refusal = whyNot(call.actor, name, wanted);
    if (refusal !== null) return refuse('not_permitted', refusal);
    const person = await lockPerson(tx, name);
    if (!person) return refuse('not_found', `expected an account, got \`${name}\`, which there is none of`);
    if (person.disabled_at !== null)
      return refuse('conflict', 'expected an account that is let in, got a disabled one');
    if (person.issuer !== 'local' && name !== call.actor.person) {
      return refuse('not_permitted', VOUCHED_ELSEWHERE);
    }
    if (person.kind === 'service' && wanted.scopes.includes('admin')) {
      return refuse('not_permitted', 'expected scopes of a service account, got `admin`');
    }
    const unproven = isOwnSession(call.actor, name)
      ? null
      : await whyProveAuthority(tx, context, call, 'a token is issued');
    if (unproven) return unproven;
    const secret = newSecret('token');
    const row = await insertToken(tx, {
      id: newId('tok'),
      person: name,
      label: wanted.label,
      secretHash: secret.hash,
      scopes: wanted.scopes,
      days: wanted.days,
      by: call.actor.person,
    });
    await keepProof(tx, call.actor, row);
    return done({
      value: { ...tokenView(row), secret: secret.text },
      reason: `token issued by ${call.actor.person}`,
      details: {
        token: row.id,
        scopes: wanted.scopes.join(' '),
        'expires-at': row.expires_at.toISOString(),
      },
    });
  });
}

/** Whoever a provider vouches for proves it there: nobody else makes what speaks for them. */
export const VOUCHED_ELSEWHERE =
  'expected an account of this server, got one that the identity provider vouches for: its person signs in there';

/** Who proved a moment ago who they are, and issues a token for themselves, need not prove it again at once. */
async function keepProof(tx: Transaction, actor: Actor, { id, person }: TokenRow): Promise<void> {
  if (actor.person !== person || actor.credential.kind !== 'session') return;
  const proof = await lastAuthentication(tx, person, actor.credential.id);
  if (proof) await noteAuthentication(tx, { person, credential: id, method: proof.method, at: proof.at });
}

/** A session that a password or the provider began, of the very person. */
function isOwnSession({ person, credential }: Actor, name: string): boolean {
  return person === name && credential.kind === 'session' && !credential.byToken;
}

function whyNot(actor: Actor, name: string, wanted: NewToken): string | null {
  if (mayManage(actor)) return null;
  if (actor.person !== name) return 'expected an administrator, or a token for oneself';
  if (!isOwnSession(actor, name)) {
    return 'expected a session that a password or the identity provider began';
  }
  const beyond = wanted.scopes.filter((scope) => !actor.scopes.includes(scope));
  return beyond.length === 0 ? null : `expected scopes of one's own session, got \`${beyond.join(' ')}\``;
}
