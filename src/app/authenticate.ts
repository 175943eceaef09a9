import { bastionByKey } from '../store/bastions.ts';
import { callerBySession, callersByTokens, type CallerRow } from '../store/callers.ts';
import { accountOf, type Actor, type ProvenHost } from './actor.ts';
import type { AppContext } from './context.ts';
import { inBatchesOf } from './in-batches.ts';
import { secretHash } from './secrets.ts';

/** What a request presents, as it stands there; `null` where it presents none. */
export interface Credentials {
  readonly token: string | null;
  /** The session's cookie; looked at only where there is no token. */
  readonly session: string | null;
  readonly bastion: string | null;
}

/**
 * Who presents these credentials, with what they may now; `null` where any of them does not stand. Asked at every call, so a
 * role removed, a shift ended, a token revoked takes hold at the next.
 */
export async function authenticate(context: AppContext, credentials: Credentials): Promise<Actor | null> {
  const caller = await findCaller(context, credentials);
  if (!caller) return null;
  const host = await findHost(context, credentials.bastion);
  if (host === undefined) return null;
  const { kind, row } = caller;
  if (kind === 'token') context.usedTokens.add(row.credential);
  return {
    ...accountOf(row),
    scopes: row.scopes,
    credential:
      kind === 'token'
        ? { kind, id: row.credential }
        : { kind, id: row.credential, byToken: row.by_token !== null },
    host,
  };
}

interface Caller {
  readonly kind: 'token' | 'session';
  readonly row: CallerRow;
}

async function findCaller(context: AppContext, credentials: Credentials): Promise<Caller | null> {
  const kind = credentials.token === null ? 'session' : 'token';
  const text = credentials.token ?? credentials.session;
  const hash = text === null ? null : secretHash(kind, text);
  if (!hash) return null;
  const row = kind === 'token' ? await callerByToken(context)(hash) : await callerBySession(context.db, hash);
  return row ? { kind, row } : null;
}

/** Tokens that come while others are looked up are looked up together; none is by a statement that began before it came. */
const callerByToken = inBatchesOf(
  async ({ db }: AppContext, hashes: readonly Uint8Array[]) => {
    const callers = await callersByTokens(db, hashes);
    return hashes.map((hash) => callers.get(Buffer.from(hash).toString('hex')));
  },
  { most: 50 },
);

/** The proven host, `null` where none is claimed, `undefined` where the key does not stand. */
export async function findHost(
  context: AppContext,
  key: string | null,
): Promise<ProvenHost | null | undefined> {
  if (key === null) return null;
  const hash = secretHash('bastion', key);
  const row = hash ? await bastionByKey(context.db, hash) : undefined;
  return row && { name: row.name, role: row.role, environment: row.environment, privileged: row.privileged };
}
