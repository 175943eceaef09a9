import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ClaimState } from '../contract/claims.ts';
import type { KindOfChange } from '../contract/gate.ts';
import type { Severity } from '../kernel/policy/facts.ts';

type Fixed<T> = ColumnType<T, T, never>;

interface StagePlaces {
  holder: ColumnType<string, never, never>;
  number: GeneratedAlways<bigint>;
  severity: ColumnType<Severity, never, never>;
  stage: GeneratedAlways<string>;
}

interface Claims {
  number: GeneratedAlways<bigint>;
  id: GeneratedAlways<string>;
  person: Fixed<string>;
  idempotency_key: Fixed<string>;
  request_digest: Fixed<string>;
  asked: ColumnType<KindOfChange, string, never>;
  decision: Fixed<bigint>;
  environment: Fixed<string>;
  severity: Fixed<Severity>;
  host: Fixed<string | null>;
  host_role: Fixed<'bastion' | 'deployer' | null>;
  state: Generated<ClaimState>;
  lease_expires_at: Date | null;
  settle_from: Date | null;
  denied: Generated<string[]>;
  settled_by: string | null;
  started_at: ColumnType<Date, never, never>;
  ended_at: Date | null;
}

export interface ClaimTables {
  stage_places: StagePlaces;
  claims: Claims;
}
