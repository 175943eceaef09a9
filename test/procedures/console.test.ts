import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CarriedOut, procedure } from '../kit/carry-out.ts';
import { emptyDatabase, type TestDatabase } from '../kit/database.ts';
import { pgServices, type PgServices } from '../kit/pg-service.ts';
import { programPath } from '../kit/programs.ts';

let database: TestDatabase;
let client: Client;
let services: PgServices;
let env: Record<string, string>;
const opened: CarriedOut[] = [];

const filled = (name: string, values: Record<string, string | number> = {}) => {
  const one = procedure(name, { with: values, env });
  opened.push(one);
  return one;
};
const rows = async (query: string) =>
  (await client.query<{ text: string }>(query)).rows.map(({ text }) => text);
const value = () => rows('select value as text from application_settings');
const tiers = () => rows(`select id || ' ' || tier as text from accounts order by id`);

beforeAll(async () => {
  database = await emptyDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  services = pgServices({ application: database.url });
  env = {
    PATH: `${programPath('postgresql')}:${process.env['PATH'] ?? ''}`,
    PGSERVICEFILE: services.file,
    APPLICATION_DATABASE_URL: database.url,
  };
});
afterAll(async () => {
  opened.forEach((one) => one.clear());
  services?.clear();
  await client?.end();
  await database?.drop();
});

// What the database itself does to a row: it keeps one as it was.
const KEEPS = (table: string, when: string, assignment: string) => `
  create function keep() returns trigger language plpgsql as $$ begin ${assignment} return new; end $$;
  create trigger keep before update on ${table} for each row when (${when}) execute function keep()`;

describe('console-rows', () => {
  beforeEach(() =>
    client.query(`
      create table accounts (id text primary key, tier text not null);
      create table console_changes (batch text, row_id text, old_value text not null, new_value text not null,
        primary key (batch, row_id));
      insert into accounts values ('a', 'trial'), ('b', 'trial'), ('c', 'trial'), ('d', 'basic')`),
  );
  afterEach(() => client.query('drop table accounts, console_changes; drop function if exists keep'));

  test('changes as many rows as was agreed, says which, and gives them back', async () => {
    const plan = filled('console-rows', { count: 3 });
    expect(await plan.lint()).toEqual([]);
    expect(await plan.preflight()).toEqual([]);
    const { ok, output } = await plan.dryRun();
    expect(ok, output).toBe(true);
    expect(output).toContain('changed: account c\nrollback\n');
    expect(await tiers()).toEqual(['a trial', 'b trial', 'c trial', 'd basic']);
    const carried = await plan.forward();
    expect(carried).toEqual({ done: ['change the accounts'], stopped: null });
    expect(await plan.postchecks()).toEqual([]);
    expect(await tiers()).toEqual(['a basic', 'b basic', 'c basic', 'd basic']);
    // Somebody upgrades in between: that is theirs.
    await client.query(`update accounts set tier = 'gold' where id = 'b'`);
    expect(await plan.back(carried)).toEqual({ done: ['give the accounts their old tier'], stopped: null });
    expect(await tiers()).toEqual(['a trial', 'b gold', 'c trial', 'd basic']);
  });

  test('changes nothing where there are more rows', async () => {
    const plan = filled('console-rows', { count: 2 });
    expect(await plan.preflight()).toEqual([expect.stringContaining('2 accounts have trial: fail')]);
    expect((await plan.dryRun()).ok).toBe(false);
    expect((await plan.forward()).stopped).toContain('expected as many rows as was agreed');
    expect(await tiers()).toEqual(['a trial', 'b trial', 'c trial', 'd basic']);
  });

  test('sees a row that the database kept as it was, and undoes the others', async () => {
    await client.query(KEEPS('accounts', `old.id = 'b'`, 'new.tier := old.tier;'));
    const plan = filled('console-rows', { count: 3 });
    const carried = await plan.forward();
    expect(carried.stopped).toContain('all of the batch have basic: fail: a value equal to 3 wanted; got 2');
    expect(await tiers()).toEqual(['a basic', 'b trial', 'c basic', 'd basic']);
    expect((await plan.back(carried)).stopped).toBeNull();
    expect(await tiers()).toEqual(['a trial', 'b trial', 'c trial', 'd basic']);
  });
});

describe('console-setting', () => {
  beforeEach(() =>
    client.query(`
      create table application_settings (key text primary key, value text not null);
      insert into application_settings values ('upload_limit_mb', '10')`),
  );
  afterEach(() => client.query('drop table application_settings; drop function if exists keep'));

  test('sets the value, and sets it back', async () => {
    const plan = filled('console-setting', { to: '50' });
    expect(await plan.lint()).toEqual([]);
    expect(await plan.preflight()).toEqual([]);
    expect((await plan.dryRun()).ok).toBe(true);
    expect(await value()).toEqual(['10']);
    const carried = await plan.forward();
    expect(carried.stopped).toBeNull();
    expect(await plan.postchecks()).toEqual([]);
    expect(await value()).toEqual(['50']);
    expect((await plan.back(carried)).stopped).toBeNull();
    expect(await value()).toEqual(['10']);
  });

  test('changes nothing where the old value is another', async () => {
    const plan = filled('console-setting', { from: '15' });
    expect(await plan.preflight()).toHaveLength(1);
    expect((await plan.forward()).stopped).toContain('expected exactly one row');
    expect(await value()).toEqual(['10']);
  });

  test('sees a value that was put right by the application, and sets it back', async () => {
    await client.query(KEEPS('application_settings', `new.value = '20'`, `new.value := '16';`));
    const plan = filled('console-setting');
    const carried = await plan.forward();
    expect(carried.stopped).toContain(
      'upload_limit_mb reads back 20: fail: a value equal to `20` wanted; got `16`',
    );
    // The way back is as careful: it stops at a value that it did not set.
    expect((await plan.back(carried)).stopped).toContain('expected exactly one row');
    await client.query('drop trigger keep on application_settings');
    await client.query(`update application_settings set value = '20'`);
    expect((await plan.back(carried)).stopped).toBeNull();
    expect(await value()).toEqual(['10']);
  });
});
