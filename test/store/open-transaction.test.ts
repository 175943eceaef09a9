import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { andCommit, openDatabase, sqlState, transact, type Queries } from '../../src/store/database.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
  await asOwner(`create table counters (name text primary key, n bigint not null);
    create table once_only (n int unique deferrable initially deferred);
    insert into once_only values (1)`);
});
beforeEach(() => asOwner(`delete from counters; insert into counters values ('a', 0), ('b', 0)`));
afterAll(() => test.drop());

async function asOwner(statement: string): Promise<void> {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

const add = (tx: Queries, name: string) =>
  sql`update counters set n = n + 1 where name = ${name}`.execute(tx);
const count = async (name: string) =>
  (await sql<{ n: bigint }>`select n from counters where name = ${name}`.execute(test.db)).rows[0]?.n;

const pidOf = async (queries: Queries) =>
  (await sql<{ pid: number }>`select pg_backend_pid() pid`.execute(queries)).rows[0]?.pid ?? 0;

/** A database of one connection, and what is sent by it. */
async function overheard() {
  const db = openDatabase(test.url, { connections: 1 });
  const texts: string[] = [];
  db.pool.on('connect', (client) => {
    const query = client.query.bind(client) as (asked: { readonly text?: string }) => unknown;
    Object.assign(client, {
      query: (asked: { readonly text?: string }) => {
        texts.push(asked.text ?? '');
        return query(asked);
      },
    });
  });
  await pidOf(db);
  texts.length = 0;
  return { db, texts };
}

const firstWord = (text: string) => /\w+/.exec(text)?.[0];

describe('the first statements of a transaction', () => {
  it('go out with the beginning where they only read, and what writes waits until that is known', async () => {
    const { db, texts } = await overheard();
    const read = await transact(db, async (tx) => {
      const asked = Promise.all([sql`savepoint work`.execute(tx), sql`select 1`.execute(tx)]);
      const early = texts.splice(0);
      await asked;
      return early;
    });
    texts.length = 0;
    const written = await transact(db, async (tx) => {
      const asked = Promise.all([sql`select 2`.execute(tx), add(tx, 'a'), sql`select 3`.execute(tx)]);
      const early = [...texts];
      await asked;
      return early;
    });
    expect(read.map(firstWord)).toEqual(['start', 'savepoint', 'select']);
    expect(written.map(firstWord)).toEqual(['start', 'select']);
    expect(texts.map(firstWord)).toEqual(['start', 'select', 'update', 'select', 'commit']);
    expect(await count('a')).toBe(1n);
    await db.destroy();
  });

  it('come to nothing where the transaction could not be begun', async () => {
    const one = openDatabase(test.url, { connections: 1 });
    const reached: string[] = [];
    const begun = transact(
      one,
      async (tx) => {
        const reading = sql`select 1`.execute(tx);
        add(tx, 'a').catch(() => undefined);
        await reading;
        reached.push('what was read');
      },
      // Only what PostgreSQL itself refuses can fail here.
      { isolation: 'read nothing' as 'serializable' },
    );
    await expect(begun).rejects.toThrow('syntax error');
    expect(reached).toEqual([]);
    expect([await count('a'), await transact(one, pidOf)]).toEqual([0n, expect.any(Number)]);
    await one.destroy();
  });
});

describe('what is asked for last', () => {
  it('is committed behind itself, and nothing can be asked after it', async () => {
    const { db, texts } = await overheard();
    const late = await transact(db, async (tx) => {
      await sql`select 1`.execute(tx);
      texts.length = 0;
      const last = andCommit(tx, () => add(tx, 'a'));
      const sent = texts.map(firstWord);
      const refused = await add(tx, 'b').catch((error: unknown) => error);
      await last;
      return [...sent, refused instanceof Error && refused.message];
    });
    expect(late).toEqual(['update', 'commit', 'expected a transaction that goes on, got one that ended']);
    expect([await count('a'), await count('b')]).toEqual([1n, 0n]);
    await db.destroy();
  });

  it('undoes all where it fails, and is begun anew where that makes sense', async () => {
    const failing = transact(test.db, async (tx) => {
      await add(tx, 'a');
      await andCommit(tx, () => sql`select 1 / 0`.execute(tx));
    });
    await expect(failing).rejects.toThrow('division by zero');
    let attempts = 0;
    await transact(test.db, async (tx) => {
      attempts += 1;
      await add(tx, 'a');
      const code = attempts === 1 ? '40001' : 'P0001';
      const statement = attempts < 3 ? `do $$ begin raise '' using errcode = '${code}'; end $$` : 'select 1';
      await andCommit(tx, () => sql.raw(statement).execute(tx));
    }).catch((error: unknown) => expect(sqlState(error)).toBe('P0001'));
    expect([attempts, await count('a')]).toEqual([2, 0n]);
  });

  it('counts as done only when the commit is', async () => {
    let answered = 0;
    const late = transact(test.db, async (tx) => {
      await andCommit(tx, () => sql`insert into once_only values (1)`.execute(tx));
      answered += 1;
    });
    expect(sqlState(await late.catch((error: unknown) => error))).toBe('23505');
    expect(answered).toBe(1);
  });

  it('has to be asked for at once', async () => {
    const late = transact(test.db, (tx) =>
      andCommit(tx, async () => {
        await Promise.resolve();
        return add(tx, 'a');
      }),
    );
    await expect(late).rejects.toThrow('asked for at once');
    expect(await count('a')).toBe(0n);
  });
});
