import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clock } from '../../src/store/clock.ts';
import { transact, type Transaction } from '../../src/store/database.ts';
import { insertVeto } from '../../src/store/vetoes.ts';
import { readWhatStands } from '../../src/store/what-stands.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await sql`insert into people (name, kind, issuer, subject, display_name)
    values ('ben', 'person', 'local', 'ben', 'Ben')`.execute(database.db);
});
afterAll(() => database.drop());

const read = (tx: Transaction) =>
  readWhatStands(tx, {
    environments: ['shop'],
    people: ['ben', 'nobody'],
    on: [],
    incident: null,
    from: null,
    to: null,
    incidentPeers: ['pager'],
    peerAnswerAgeMs: 1_000,
  });

describe('what stands', () => {
  it('is read with its instant, before which lies what was committed', async () => {
    const veto = { change_id: null, claim_id: null, by: 'ben', reason: 'no', stops_rollback: false };
    const { at, vetoes, roles, sources } = await transact(database.db, async (tx) => {
      await clock(tx);
      // While the decision is under way, as where it waited for this.
      await transact(database.db, (other) => insertVeto(other, veto));
      return read(tx);
    });
    expect(vetoes).toMatchObject([{ by: 'ben', vetoed: '*' }]);
    expect(at).toBeGreaterThanOrEqual(new Date(vetoes[0]?.at ?? '').getTime());
    expect(roles).toEqual([
      { name: 'ben', roles: [] },
      { name: 'nobody', roles: [] },
    ]);
    // One that was never heard says so, and is not left out.
    expect(sources).toMatchObject([{ about: 'incidents', source: 'pager', heard: false, at: null }]);
  });

  it('is planned once a connection, and not at every call', async () => {
    const { rows } = await transact(database.db, async (tx) => {
      for (let call = 0; call < 8; call += 1) await read(tx);
      return sql<{ custom_plans: bigint; generic_plans: bigint }>`
        select custom_plans, generic_plans from pg_prepared_statements where name = 'what_stands'`.execute(
        tx,
      );
    });
    // PostgreSQL plans by the values five times before it compares.
    expect(rows[0]?.custom_plans).toBeLessThanOrEqual(5n);
    expect(rows[0]?.generic_plans).toBeGreaterThan(0n);
  });
});
