import { CompiledQuery, sql } from 'kysely';
import type { Transaction } from './database.ts';
import { heardSources, type HeardSource } from './heard-sources.ts';
import { linkedAccounts } from './humans.ts';
import { activeOrNamed, type IncidentRow } from './incidents.ts';
import { locksInForceFrom, type LockRow } from './locks.ts';
import { rolesHeld, type RolesRow } from './people.ts';
import { shiftsTouching, type ShiftRow } from './rota.ts';
import { rowsInJson, type InJson } from './rows-in-json.ts';
import { running, type RunningChange } from './run-facts.ts';
import { vetoesOn, type StandingVeto } from './vetoes.ts';

/** Which part of what stands a decision looks at. */
export interface Looked {
  readonly environments: readonly string[];
  /** Whose roles count. */
  readonly people: readonly string[];
  /** The requests and claims that are asked about, for the vetoes of them. */
  readonly on: readonly string[];
  /** The incident that is named, active or not. */
  readonly incident: string | null;
  /** Instants that the rota has to reach back to and on to, beside now, each with a day to spare. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** The peers that have incidents for us, and for how long an answer of theirs counts. */
  readonly incidentPeers: readonly string[];
  readonly peerAnswerAgeMs: number;
}

/** What stands, whoever asks. Instants inside of rows are as JSON has them. */
export interface WhatStands {
  /** The database's clock, epoch milliseconds, rounded up: not before anything that was read. */
  readonly at: number;
  readonly shifts: readonly InJson<ShiftRow>[];
  readonly incidents: readonly InJson<IncidentRow>[];
  readonly vetoes: readonly InJson<StandingVeto>[];
  readonly running: InJson<RunningChange>[];
  readonly links: readonly { readonly name: string; readonly same_human_as: string }[];
  readonly sources: readonly InJson<HeardSource>[];
  readonly locks: readonly InJson<LockRow>[];
  readonly roles: readonly InJson<RolesRow>[];
}

// Materialized, so that the planner does not look into what is given and plans once a connection. By values it would plan anew at every
// call, for each part may look a little cheaper then (measured: 3 ms of PostgreSQL, six times what it takes to carry it out).
const given = {
  environments: sql<string[]>`(select environments from given)`,
  people: sql<string[]>`(select people from given)`,
  on: sql<string[]>`(select on_these from given)`,
  incident: sql<string | null>`(select incident from given)`,
  at: sql<Date>`(select at from given)`,
  stretch: sql`(select stretch from given)`,
  heard: {
    incidents: sql<string[]>`(select peers from given)`,
    limitMs: sql<number>`(select peer_answer_age_ms from given)`,
  },
};

const statement = sql`
  /* prepared: what_stands */ with given as materialized (
    select at, $1::text[] as environments, $2::text[] as people, $3::text[] as on_these, $4::text as incident,
      tstzrange(least(at, $5::timestamptz) - interval '1 day', greatest(at, $6::timestamptz) + interval '1 day') as stretch,
      $7::text[] as peers, $8::float8 as peer_answer_age_ms
    from clock_timestamp() as at
  )
  select
    ${rowsInJson(shiftsTouching(given.stretch))} as shifts,
    ${rowsInJson(activeOrNamed(given.incident))} as incidents,
    ${rowsInJson(vetoesOn(given.on))} as vetoes,
    ${rowsInJson(running)} as running,
    ${rowsInJson(linkedAccounts)} as links,
    ${rowsInJson(heardSources(given.heard))} as sources,
    ${rowsInJson(locksInForceFrom(given.environments, given.at))} as locks,
    ${rowsInJson(rolesHeld(given.people))} as roles,
    ceil(extract(epoch from ${given.at}) * 1000)::float8 as at`;

let text: string | null = null;

/**
 * Reads what stands by one statement: a statement costs a decision more than what any of these says.
 *
 * INVARIANT: the instant is read by that statement too. Its snapshot is taken before it is carried out, so what another transaction
 * committed and is seen here lies before this instant: a veto of the same millisecond is never "not yet". What else a decision looks
 * at and has an instant is read before.
 */
export async function readWhatStands(tx: Transaction, looked: Looked): Promise<WhatStands> {
  const { environments, people, on, incident, from, to, incidentPeers, peerAnswerAgeMs } = looked;
  // Written once: the builder would take as long for it at every call as for all the rest of the question.
  text ??= statement.compile(tx).sql;
  const values = [environments, people, on, incident, from, to, incidentPeers, peerAnswerAgeMs];
  const { rows } = await tx.executeQuery<WhatStands>(CompiledQuery.raw(text, values));
  const [row] = rows;
  if (!row) throw new Error('expected what stands, got no row');
  return row;
}
