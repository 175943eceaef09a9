import { accountName } from '../../contract/people.ts';
import { callerByName } from '../../store/callers.ts';
import { accountOf, type Actor } from '../actor.ts';
import { findHost } from '../authenticate.ts';
import type { AppContext } from '../context.ts';

/** What a request presents that is proven by a host alone. */
export interface LoginCredentials {
  /** The operating system's name of whoever is logged in there, as that host says. */
  readonly login: string | null;
  /** The host's key. */
  readonly bastion: string | null;
}

/**
 * The person of whom a host, proven by its key, says that they are logged in there, with what they may now; `null` where the key does
 * not stand, or no person who is let in has an account of that name.
 *
 * INVARIANT: only a route of the access `login` asks this. The name is the host's word, so it is good for stopping work and nothing else.
 */
export async function authenticateLogin(
  context: AppContext,
  { login, bastion }: LoginCredentials,
): Promise<Actor | null> {
  const name = accountName.safeParse(login);
  if (!name.success) return null;
  const host = await findHost(context, bastion);
  const caller = host && (await callerByName(context.db, name.data));
  if (!caller || caller.kind !== 'person') return null;
  return {
    ...accountOf(caller),
    scopes: ['act'],
    credential: { kind: 'login', id: `${host.name}/${caller.name}` },
    host,
  };
}
