import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  openDatabase,
  sqlState,
  transact,
  violatedConstraint,
  type Queries,
  type TransactOptions,
} from '../../src/store/database.ts';
import { testDatabase, type TestDatabase } from '../kit/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
  await asOwner(`create table counters (name text constraint counters_key primary key, n bigint not null)`);
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

const kill = (pid: number) => asOwner(`select pg_terminate_backend(${pid}, 5000)`);

const readThenWrite = (options: TransactOptions) =>
  Promise.all(
    Array.from({ length: 4 }, () =>
      transact(
        test.db,
        async (tx) => {
          const { rows } = await sql<{ n: bigint }>`select n from counters where name = 'a'`.execute(tx);
          await sql`update counters set n = ${(rows[0]?.n ?? 0n) + 1n} where name = 'a'`.execute(tx);
        },
        { retries: 50, ...options },
      ),
    ),
  );

describe('statements that are asked for at once', () => {
  it('are carried out in one transaction in their order, without waiting for each other', async () => {
    const order = await transact(test.db, async (tx) => {
      const answered: string[] = [];
      const [slow, quick] = await Promise.all([
        sql<{ n: bigint }>`select n from counters, pg_sleep(0.05) where name = 'a'`.execute(tx),
        sql<{ n: bigint }>`update counters set n = n + 1 where name = 'a' returning n`.execute(tx),
        // What was sent before is not answered yet, and nothing else on the way has a say.
        sql`select 1`.execute(tx).then(() => answered.push('last')),
        pidOf(tx).then(() => answered.push('after the last')),
      ]);
      return [slow.rows[0]?.n, quick.rows[0]?.n, ...answered];
    });
    expect(order).toEqual([0n, 1n, 'last', 'after the last']);
  });

  it('are all sent before the first of them is answered', async () => {
    const one = openDatabase(test.url, { connections: 1 });
    let sent = 0;
    one.pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...words: unknown[]) => unknown;
      Object.assign(client, {
        query: (...words: unknown[]) => {
          sent += 1;
          return query(...words);
        },
      });
    });
    const holder = new Client({ connectionString: test.url });
    await holder.connect();
    await holder.query('select pg_advisory_lock(7)');
    const both = await transact(one, async (tx) => {
      const before = sent;
      const waiting = sql`select pg_advisory_xact_lock(7)`.execute(tx);
      const behind = sql`select 1`.execute(tx);
      await new Promise((done) => setImmediate(done));
      const sentMeanwhile = sent - before;
      await holder.end();
      await Promise.all([waiting, behind]);
      return sentMeanwhile;
    });
    expect(both).toBe(2);
    await one.destroy();
  });

  it('are undone together where one fails, and leave the connection as it was', async () => {
    const one = openDatabase(test.url, { connections: 1 });
    const failing = transact(one, (tx) =>
      Promise.all([add(tx, 'a'), sql`select 1 / 0`.execute(tx), add(tx, 'b')]),
    );
    await expect(failing).rejects.toThrow('division by zero');
    expect(await transact(one, (tx) => Promise.all([add(tx, 'b'), pidOf(tx)]))).toHaveLength(2);
    expect([await count('a'), await count('b')]).toEqual([0n, 1n]);
    await one.destroy();
  });
});

describe('values', () => {
  it('reads int8 as bigint, instants as Date, and leaves what names no instant as text', async () => {
    const { rows } = await sql`
      select 9007199254740993::int8 "big", array[1, null, 9007199254740993]::int8[] "bigs", array[]::int8[] "none",
        '2026-03-29 01:30:00+00'::timestamptz "instant", '2026-03-29'::date "day", '2026-03-29 01:30'::timestamp "local",
        1.10::numeric "exact", 7 "small", tstzrange('2026-03-29 01:30+00', null) "range"`.execute(test.db);
    expect(rows).toEqual([
      {
        big: 9007199254740993n,
        bigs: [1n, null, 9007199254740993n],
        none: [],
        instant: new Date('2026-03-29T01:30:00Z'),
        day: '2026-03-29',
        local: '2026-03-29 01:30:00',
        exact: '1.10',
        small: 7,
        range: '["2026-03-29 01:30:00+00",)',
      },
    ]);
  });

  it('writes a bigint and a Date as they are', async () => {
    const instant = new Date('2026-10-25T00:30:00.123Z');
    const { rows } =
      await sql`select ${9007199254740993n}::int8 big, ${instant}::timestamptz instant`.execute(test.db);
    expect(rows).toEqual([{ big: 9007199254740993n, instant }]);
  });
});

describe('every connection', () => {
  it('tells time in UTC, waits only so long, and works under the role that cannot change the ledger', async () => {
    const { rows } = await sql`
      select current_user who, current_setting('timezone') zone, current_setting('statement_timeout') statement,
        current_setting('lock_timeout') lock, current_setting('idle_in_transaction_session_timeout') idle`.execute(
      test.db,
    );
    expect(rows).toEqual([
      { who: 'interlock_app', zone: 'UTC', statement: '30s', lock: '10s', idle: '1min' },
    ]);
    await expect(sql`delete from ledger_entries`.execute(test.db)).rejects.toThrow('permission denied');
  });

  it('gives up on a statement that takes too long', async () => {
    const hasty = openDatabase(test.url, { statementTimeoutMs: 50 });
    await expect(sql`select pg_sleep(30)`.execute(hasty)).rejects.toThrow('statement timeout');
    await hasty.destroy();
  });

  it('is replaced when it breaks, idle or between two statements of a transaction', async () => {
    const broken: string[] = [];
    const db = openDatabase(test.url, {
      connections: 1,
      onBrokenConnection: (error) => broken.push(error.message),
    });
    await kill(await pidOf(db));
    while (broken.length === 0) await new Promise((done) => setTimeout(done, 10));
    const lost = transact(db, async (tx) => {
      await kill(await pidOf(tx));
      await add(tx, 'a');
    });
    await expect(lost).rejects.toThrow();
    expect(await pidOf(db)).toBeGreaterThan(0);
    expect(await count('a')).toBe(0n);
    // One that the server ends while we do is no trouble.
    const [client, told] = [await db.pool.connect(), broken.length];
    client.release();
    const ended = db.pool.end();
    client.emit('error', new Error('terminating connection due to administrator command'));
    await ended;
    expect(broken).toHaveLength(told);
  });

  it('ends with the database also when only the pool was used', async () => {
    const db = openDatabase(test.url, { connections: 1, name: 'ends with it' });
    await db.pool.query('select 1');
    await db.destroy();
    const left = async () =>
      (await sql`select pid from pg_stat_activity where application_name = 'ends with it'`.execute(test.db))
        .rows;
    // The server takes a moment to see the last off.
    while ((await left()).length > 0) await new Promise((done) => setTimeout(done, 10));
  });
});

describe('a transaction', () => {
  it('is there whole or not at all', async () => {
    await transact(test.db, async (tx) => {
      await add(tx, 'a');
      await add(tx, 'b');
    });
    const failed = transact(test.db, async (tx) => {
      await add(tx, 'a');
      throw new Error('no after all');
    });
    await expect(failed).rejects.toThrow('no after all');
    expect([await count('a'), await count('b')]).toEqual([1n, 1n]);
  });

  it('is begun anew after a deadlock', async () => {
    let attempts = 0;
    let held = 0;
    const both: Promise<unknown>[] = [];
    const gate = Promise.withResolvers<void>();
    const cross = (first: string, second: string) =>
      transact(test.db, async (tx) => {
        attempts += 1;
        await add(tx, first);
        held += 1;
        if (held === 2) gate.resolve();
        await gate.promise;
        await add(tx, second);
      });
    both.push(cross('a', 'b'), cross('b', 'a'));
    await Promise.all(both);
    expect(attempts).toBeGreaterThan(2);
    expect([await count('a'), await count('b')]).toEqual([2n, 2n]);
  });

  it('is begun anew after a serialization failure, so that no count is lost', async () => {
    await readThenWrite({ isolation: 'serializable' });
    expect(await count('a')).toBe(4n);
  });

  it('fails with the error itself when retries are used up', async () => {
    const failure = await readThenWrite({ isolation: 'serializable', retries: 0 }).catch(
      (error: unknown) => error,
    );
    expect(sqlState(failure)).toBe('40001');
  });

  it('that only reads cannot write', async () => {
    const failure = await transact(test.db, (tx) => add(tx, 'a'), { readOnly: true }).catch(
      (error: unknown) => error,
    );
    expect(sqlState(failure)).toBe('25006');
  });

  it('says which constraint a write violated', async () => {
    const failure = await sql`insert into counters values ('a', 1)`
      .execute(test.db)
      .catch((error: unknown) => error);
    expect(violatedConstraint(failure)).toBe('counters_key');
    expect(violatedConstraint(new Error('another'))).toBe(undefined);
  });
});

describe('a statement that begins with its name', () => {
  it('is prepared once a connection, with values of its own each time', async () => {
    const db = openDatabase(test.url, { connections: 1 });
    for (const n of [1, 2]) {
      const { rows } = await sql`/* prepared: twice */ select ${n}::int * 2 n`.execute(db);
      expect(rows).toEqual([{ n: n * 2 }]);
    }
    await sql`select 3`.execute(db);
    const { rows } = await sql<{ name: string }>`select name from pg_prepared_statements`.execute(db);
    expect(rows).toEqual([{ name: 'twice' }]);
    await expect(sql`/* prepared: twice */ select 5`.execute(db)).rejects.toThrow('must be unique');
    await db.destroy();
  });
});
