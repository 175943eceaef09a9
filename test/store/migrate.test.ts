import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate, MigrationError } from '../../src/store/migrate.ts';
import { emptyDatabase, type TestDatabase } from '../kit/database.ts';

const FIRST = 'create table first (n integer primary key);';
const SECOND = 'create table second (n integer primary key); insert into first values (1);';

let test: TestDatabase;
let directory: string;
const made: string[] = [];

beforeEach(async () => {
  test = await emptyDatabase();
  directory = folderOf({ '0001-first.sql': FIRST, '0002-second.sql': SECOND });
});
afterEach(() => test.drop());
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })));

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  made.push(folder);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return folder;
}

async function rowsOf(statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const tables = async () =>
  (
    await rowsOf(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    )
  ).map((row) => (row as { relname: string }).relname);

async function refused(files: Readonly<Record<string, string>>, text: string): Promise<void> {
  await migrate(test.db, directory);
  const before = await tables();
  const failure = migrate(test.db, folderOf(files));
  await expect(failure).rejects.toThrow(MigrationError);
  await expect(failure).rejects.toThrow(text);
  expect(await tables()).toEqual(before);
}

describe('migrations', () => {
  it('are applied in order, once, and what was done is said', async () => {
    expect(await migrate(test.db, directory)).toEqual(['0001-first', '0002-second']);
    expect(await migrate(test.db, directory)).toEqual([]);
    expect(await tables()).toEqual(['first', 'schema_migrations', 'second']);
    expect(await rowsOf('select number, name, digest from schema_migrations order by number')).toEqual([
      { number: 1, name: '0001-first', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
      { number: 2, name: '0002-second', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
    ]);
  });

  it('are applied once when twenty start at once', async () => {
    const slow = folderOf({ '0001-first.sql': `${FIRST} select pg_sleep(0.3);`, '0002-second.sql': SECOND });
    const said = await Promise.all(Array.from({ length: 20 }, () => migrate(test.db, slow)));
    expect(said.filter((names) => names.length === 2)).toHaveLength(1);
    expect(said.filter((names) => names.length === 0)).toHaveLength(19);
    expect(await rowsOf('select n from first')).toEqual([{ n: 1 }]);
  });

  it('go on where an earlier program stopped', async () => {
    await migrate(test.db, folderOf({ '0001-first.sql': FIRST }));
    expect(await migrate(test.db, directory)).toEqual(['0002-second']);
  });

  it('are all or nothing each, with the place of the mistake, and are tried again when it is mended', async () => {
    const broken = folderOf({
      '0001-first.sql': FIRST,
      '0002-second.sql': 'create table half ();\n\ncreate tabel x;',
    });
    await expect(migrate(test.db, broken)).rejects.toThrow(
      'expected migration `0002-second` to apply, got `syntax error at or near "tabel"` at line 3',
    );
    expect(await tables()).toEqual(['first', 'schema_migrations']);
    expect(await migrate(test.db, directory)).toEqual(['0002-second']);
  });

  it('run under the rights of the address, also where the application role exists', async () => {
    await migrate(
      test.db,
      folderOf({ '0001-who.sql': 'create table who as select current_user::text who;' }),
    );
    expect(await rowsOf('select who from who')).toEqual([{ who: 'interlock' }]);
  });
});

describe('a database that does not fit is refused', () => {
  it('when an applied file was edited', () =>
    refused(
      {
        '0001-first.sql': `${FIRST} -- edited`,
        '0002-second.sql': SECOND,
        '0003-third.sql': 'create table third ();',
      },
      'expected migration `0001-first` as it was applied, got an edited `0001-first`',
    ));

  it('when an applied file was renamed', () =>
    refused(
      { '0001-begin.sql': FIRST, '0002-second.sql': SECOND },
      'expected migration `0001-first` as it was applied, got an edited `0001-begin`',
    ));

  it('when an applied file is gone', () =>
    refused(
      { '0002-second.sql': SECOND },
      'expected the file of migration `0001-first`, which is applied, got none',
    ));

  it('when a newer program has migrated it', () =>
    refused({ '0001-first.sql': FIRST }, 'got one that a newer program has migrated to `0002-second`'));

  it('when a file was slipped in before the last applied', async () => {
    await migrate(test.db, folderOf({ '0001-first.sql': FIRST, '0003-third.sql': 'create table third ();' }));
    const late = folderOf({
      '0001-first.sql': FIRST,
      '0002-second.sql': SECOND,
      '0003-third.sql': 'create table third ();',
    });
    await expect(migrate(test.db, late)).rejects.toThrow(
      'expected new migrations after `0003-third`, got `0002-second`, which comes before it',
    );
  });

  it.each([
    [
      { '1-first.sql': FIRST },
      'expected migrations to be named such as `0001-ledger.sql`, got `1-first.sql`',
    ],
    [
      { '0001-a.sql': FIRST, '0001-b.sql': SECOND },
      'expected one migration a number, got two with the number of `0001-b`',
    ],
  ])('when the files themselves are not in order: %o', async (files, text) => {
    await expect(migrate(test.db, folderOf(files))).rejects.toThrow(text);
  });

  it('when nobody answers at its address, without waiting for ever', async () => {
    const nowhere = openDatabase('postgres://interlock@127.0.0.1:1/interlock');
    await expect(migrate(nowhere)).rejects.toThrow('ECONNREFUSED');
    await nowhere.destroy();
  });
});
