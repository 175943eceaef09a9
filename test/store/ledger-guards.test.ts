import { sql } from 'kysely';
import { Client, DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testLedger } from '../kit/ledger.ts';
import type { TestLedger } from '../kit/ledger.ts';

let one: TestLedger;
beforeAll(async () => {
  one = await testLedger();
  await one.append(3);
});
afterAll(() => one.drop());

const TABLES = ['ledger_entries', 'ledger_nodes', 'ledger_head', 'ledger_checkpoints', 'ledger_freezes'];
const STATEMENTS = [
  ...TABLES.flatMap((table) => [`delete from ${table}`, `truncate ${table}`, `drop table ${table}`]),
  `update ledger_entries set entry = '{}'`,
  `update ledger_nodes set hash = sha256('')`,
  `update ledger_checkpoints set note = ''`,
  `update ledger_head set size = 0, peaks = '{}'`,
  `insert into ledger_entries (index, entry, leaf_hash) values (3, '{"object":"x"}', sha256(''))`,
  `insert into ledger_nodes values (1, 0, sha256(''))`,
  `insert into ledger_entries (index, entry, leaf_hash) values (1, '{}', sha256('')) on conflict (index) do update set entry = '{}'`,
  `merge into ledger_entries using (select 1) as s on index = 1 when matched then delete`,
  `select ledger_append(array['x'], array[]::text[])`,
  `alter table ledger_entries disable trigger all`,
  `set session_replication_role = replica`,
  `create or replace function ledger_refuse() returns trigger language plpgsql as 'begin return new; end'`,
];

async function content(): Promise<unknown> {
  const { rows } = await sql`
    select (select json_agg(e) from ledger_entries e) as entries, (select json_agg(h) from ledger_head h) as head`.execute(
    one.ledger.db,
  );
  return rows;
}

describe('attack 61, as the application', () => {
  test.each(STATEMENTS)('`%s` is refused', async (statement) => {
    const before = await content();
    await expect(sql.raw(statement).execute(one.ledger.db)).rejects.toThrow(DatabaseError);
    expect(await content()).toEqual(before);
  });
});

describe('attack 61, as the superuser by ordinary statements', () => {
  const guarded = STATEMENTS.filter((statement) => /^(delete|truncate|update|merge)/.test(statement));
  test.each([...guarded, 'truncate ledger_entries, ledger_nodes, ledger_head, ledger_checkpoints cascade'])(
    '`%s` is refused, also for a session that says it is a replica',
    async (statement) => {
      const before = await content();
      // Alone, a table that cosignatures point to is refused before its trigger is asked.
      const why = /the ledger only grows|referenced in a foreign key/;
      await expect(one.superuser(statement)).rejects.toThrow(why);
      await expect(one.superuser(`set session_replication_role = replica; ${statement}`)).rejects.toThrow(
        why,
      );
      expect(await content()).toEqual(before);
    },
  );
});

test('the role of the application has no right on the tree beyond reading it', async () => {
  const { rows } = await sql<{ table_name: string; privilege_type: string }>`
    select table_name, privilege_type from information_schema.role_table_grants
     where grantee in ('interlock_app', 'PUBLIC') and table_name like 'ledger%'
     union select table_name, privilege_type || ' ' || column_name from information_schema.column_privileges
     where grantee in ('interlock_app', 'PUBLIC') and table_name like 'ledger%' and privilege_type <> 'SELECT'
     order by 1, 2`.execute(one.ledger.db);
  expect(rows.map((row) => `${row.table_name}: ${row.privilege_type}`)).toEqual([
    'ledger_checkpoints: INSERT note',
    'ledger_checkpoints: INSERT size',
    'ledger_checkpoints: SELECT',
    ...['', ' cosigned_at', ' line', ' size', ' witness'].map(
      (column) => `ledger_cosignatures: INSERT${column}`,
    ),
    'ledger_cosignatures: SELECT',
    'ledger_entries: SELECT',
    'ledger_freezes: INSERT anchor',
    'ledger_freezes: INSERT because',
    'ledger_freezes: SELECT',
    'ledger_freezes: UPDATE lifted_at',
    'ledger_head: SELECT',
    'ledger_nodes: SELECT',
    ...['', ' singleton', ' vkey'].map((column) => `ledger_signer: INSERT${column}`),
    'ledger_signer: SELECT',
  ]);
});

test('somebody without the role cannot append', async () => {
  await one.superuser(`
    drop role if exists interlock_test_stranger; create role interlock_test_stranger;
    grant usage on schema public to interlock_test_stranger`);
  const stranger = new Client({ connectionString: one.ledger.db.url });
  await stranger.connect();
  try {
    await stranger.query('set role interlock_test_stranger');
    await expect(stranger.query(`select ledger_append(array['{"object":"'], array['"}'])`)).rejects.toThrow(
      'permission denied for function ledger_append',
    );
    await expect(stranger.query('select * from ledger_entries')).rejects.toThrow('permission denied');
  } finally {
    await stranger.end();
    await one.superuser(
      'revoke usage on schema public from interlock_test_stranger; drop role interlock_test_stranger',
    );
  }
});

test('the function that runs as the owner cannot be led astray by a table of the caller', async () => {
  const client = new Client({ connectionString: one.ledger.db.url });
  await client.connect();
  try {
    await client.query(`set role interlock_app; create temp table ledger_head (size bigint, peaks bytea[])`);
    await client.query(`insert into pg_temp.ledger_head values (0, '{}')`);
    const { rows } = await client.query<{ appended_index: string }>(
      `select * from ledger_append(array['{"object":"change/CHG-9","time":"'], array['"}'])`,
    );
    expect(rows[0]?.appended_index).toBe('3');
  } finally {
    await client.end();
  }
});
