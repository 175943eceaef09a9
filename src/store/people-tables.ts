import type { ColumnType, Generated } from 'kysely';
import type { AccountKind, RotaName, Scope, StandingRole } from '../contract/people.ts';

type CreatedAt = ColumnType<Date, never, never>;
/** Set by the database's clock: written with `sql\`now()\``. */
type Instant = ColumnType<Date | null, Date | null | undefined, Date | null>;

interface People {
  name: string;
  kind: AccountKind;
  issuer: string;
  subject: string;
  display_name: string;
  bot_of: string | null;
  agent: Generated<boolean>;
  password: string | null;
  created_at: CreatedAt;
  disabled_at: Instant;
  /** The first account of its human, where this is another one. */
  same_human_as: string | null;
  vouched_at: Instant;
}

interface StandingRoles {
  id: ColumnType<bigint, never, never>;
  person: string;
  kind: Generated<'person'>;
  role: StandingRole;
  granted_at: CreatedAt;
  granted_by: string;
  revoked_at: Instant;
  revoked_by: string | null;
  source: Generated<'hand' | 'claims' | 'directory'>;
}

interface Authentications {
  id: ColumnType<bigint, never, never>;
  person: string;
  credential: string;
  method: 'password' | 'oidc';
  at: Date;
  noted_at: CreatedAt;
}

interface Directories {
  id: ColumnType<bigint, never, never>;
  document: unknown;
  digest: string;
  applied_at: CreatedAt;
  applied_by: string;
}

interface SignInFlows {
  id: string;
  secret_hash: Uint8Array;
  again: boolean;
  challenge: Uint8Array | null;
  started_at: CreatedAt;
  returned_at: Instant;
  person: string | null;
  authenticated_at: Instant;
  code_hash: Uint8Array | null;
  redeemed_at: Instant;
}

interface Tokens {
  id: string;
  person: string;
  label: string;
  secret_hash: Uint8Array;
  scopes: Scope[];
  created_at: CreatedAt;
  created_by: string;
  expires_at: Date;
  revoked_at: Instant;
  last_used_at: Instant;
}

interface Sessions {
  id: string;
  person: string;
  token: string | null;
  secret_hash: Uint8Array;
  scopes: Scope[];
  created_at: CreatedAt;
  expires_at: Date;
  ended_at: Instant;
}

interface SignInAttempts {
  key: string;
  window_start: Date;
  attempts: number;
}

interface RotaShifts {
  id: ColumnType<bigint, never, never>;
  rota: RotaName;
  person: string;
  kind: Generated<'person'>;
  /** `[start,end)` as PostgreSQL writes it. */
  during: string;
  set_at: CreatedAt;
  set_by: string;
  retired_at: Instant;
  rota_number: ColumnType<number, never, never>;
  source: bigint | null;
}

interface Bastions {
  id: string;
  name: string;
  environment: string;
  role: 'bastion' | 'deployer';
  key_hash: Uint8Array;
  registered_at: CreatedAt;
  registered_by: string;
  expires_at: Date;
  revoked_at: Instant;
  revoked_by: string | null;
  last_seen_at: Instant;
}

/** The tables of `0002-people.sql` and `0010-identity.sql`. */
export interface PeopleTables {
  people: People;
  standing_roles: StandingRoles;
  tokens: Tokens;
  sessions: Sessions;
  sign_in_attempts: SignInAttempts;
  rota_shifts: RotaShifts;
  bastions: Bastions;
  authentications: Authentications;
  sign_in_flows: SignInFlows;
  directories: Directories;
}
