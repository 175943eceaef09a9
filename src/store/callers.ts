import { sql } from 'kysely';
import type { AccountKind, RotaName, Scope, StandingRole } from '../contract/people.ts';
import type { Queries } from './database.ts';
import { shiftsInForce } from './rota.ts';

/** An account with what it may at this very statement. */
export interface AccountRow {
  readonly name: string;
  readonly kind: AccountKind;
  readonly issuer: string;
  readonly subject: string;
  readonly bot_of: string | null;
  readonly agent: boolean;
  readonly standing: StandingRole[];
  readonly on_duty: RotaName[];
}

/** An account, and the token or session by which it calls. */
export interface CallerRow extends AccountRow {
  /** Id of the token or session. */
  readonly credential: string;
  /** The token that a session was made with; `null` where it was a password. */
  readonly by_token: string | null;
  readonly scopes: Scope[];
}

const account = sql`
  p.name, p.kind, p.issuer, p.subject, p.bot_of, p.agent,
  array(select distinct r.role from standing_roles r where r.person = p.name and r.revoked_at is null order by 1) as standing,
  array(
    select s.rota from ${shiftsInForce}
    where s.person = p.name and s.retired_at is null and s.during @> now() and span @> now() order by 1
  ) as on_duty`;

/** An agent is let in as long as its human is. */
const letIn = sql`p.disabled_at is null
  and not exists (select from people h where p.agent and h.name = p.bot_of and h.disabled_at is not null)`;

/** Who presents this token, if it stands. */
export async function callerByToken(db: Queries, secretHash: Uint8Array): Promise<CallerRow | undefined> {
  return (await callersByTokens(db, [secretHash])).values().next().value;
}

/** Who presents each of these tokens, by the token's hash in hexadecimal; who is not in it presents none that stands. */
export async function callersByTokens(
  db: Queries,
  secretHashes: readonly Uint8Array[],
): Promise<ReadonlyMap<string, CallerRow>> {
  const { rows } = await sql<CallerRow & { hash: string }>`/* prepared: callers_by_tokens */
    select encode(t.secret_hash, 'hex') as hash, ${account}, t.id as credential, t.id as by_token, t.scopes
    from tokens t join people p on p.name = t.person
    where t.secret_hash = any(${secretHashes.map((hash) => Buffer.from(hash))}::bytea[])
      and t.revoked_at is null and t.expires_at > now() and ${letIn}`.execute(db);
  return new Map(rows.map(({ hash, ...row }) => [hash, row]));
}

/** Who presents this session, if it stands, and the token it was made with still stands. */
export async function callerBySession(db: Queries, secretHash: Uint8Array): Promise<CallerRow | undefined> {
  const { rows } = await sql<CallerRow>`/* prepared: caller_by_session */
    select ${account}, s.id as credential, s.token as by_token, s.scopes
    from sessions s join people p on p.name = s.person left join tokens t on t.id = s.token
    where s.secret_hash = ${secretHash}
      and s.ended_at is null and s.expires_at > now() and ${letIn}
      and (s.token is null or (t.revoked_at is null and t.expires_at > now()))`.execute(db);
  return rows[0];
}

/** An account with what it may now, for an act that came by a link: only as long as the account is let in. */
export async function callerByName(db: Queries, name: string): Promise<AccountRow | undefined> {
  const { rows } = await sql<AccountRow>`
    select ${account} from people p where p.name = ${name} and ${letIn}`.execute(db);
  return rows[0];
}
