import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkContext, measured } from '../kit/check-context.ts';
import { type TestDatabase, testDatabase } from '../kit/database.ts';
import { freePort } from '../kit/loopback-process.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

function ask(query: string, ranges: Record<string, unknown>, differing: Record<string, unknown> = {}) {
  const context = checkContext({ env: { SHOP_DATABASE_URL: database.url } });
  return measured({ postgres: { urlFrom: 'SHOP_DATABASE_URL', query, ...differing }, ...ranges }, context);
}

describe('one row with one column', () => {
  it.each<[string, Record<string, unknown>, number | string | boolean]>([
    ['select 1', { equals: 1 }, 1],
    ['show work_mem', { equals: '4MB' }, '4MB'],
    ['select 12345678901234::bigint', { above: 12_000_000_000_000 }, '12345678901234'],
    ['select 0.5::numeric', { below: 0.6 }, '0.5'],
    ['select true', { equals: true }, true],
    ["select 'on'", { notEquals: 'off' }, 'on'],
  ])('%s passes', async (query, wanted, value) => {
    expect(await ask(query, { expect: wanted })).toMatchObject({
      verdict: 'pass',
      measurements: [{ value }],
    });
  });

  it('outside its range fails, and says so', async () => {
    expect(await ask('show work_mem', { expect: { equals: '8MB' } })).toMatchObject({
      verdict: 'fail',
      because: 'a value equal to `8MB` wanted; got `4MB`',
      measurements: [{ raw: '[["4MB"]]' }],
    });
  });
});

describe('what is no such answer is unknown', () => {
  it.each<[string, Record<string, unknown>]>(
    [
      ['select 1 where false', { equals: 1 }],
      ['select 1 union select 2', { below: 5 }],
      ['select 1, 2', { below: 5 }],
      ['select null', { notEquals: 1 }],
      ["select 'NaN'::float8", { notEquals: 1 }],
      ["select 'NaN'::numeric", { notEquals: 1 }],
      ["select 'Infinity'::float8", { above: 1 }],
      ["select 'many'", { notEquals: 1 }],
      ["select '1'", { equals: true }],
      ['select 1', { equals: '1' }],
      ['select * from no_such_table', { notEquals: 1 }],
      ['selct 1', { notEquals: 1 }],
      ['', { notEquals: 1 }],
    ].map(([query, wanted]) => [query === '' ? ' ' : query, wanted] as [string, Record<string, unknown>]),
  )('%s', async (query, wanted) => {
    expect(await ask(query, { expect: wanted })).toMatchObject({ verdict: 'unknown' });
  });

  it('without a range nothing is judged', async () => {
    expect(await ask('select 1', {})).toMatchObject({ verdict: 'unknown' });
  });

  it('past its time', async () => {
    const result = await ask('select pg_sleep(60)', { expect: { equals: '' } }, { timeout: '200 ms' });
    expect(result).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
  });

  it('a server that accepts and says nothing', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    const port = await freePort();
    await new Promise<void>((resolve) => {
      silent.listen(port, '127.0.0.1', resolve);
    });
    const context = checkContext({ env: { SHOP_DATABASE_URL: `postgres://ana@127.0.0.1:${port}/shop` } });
    const check = { postgres: { urlFrom: 'SHOP_DATABASE_URL', query: 'select 1', timeout: '100 ms' } };
    expect(await measured(check, context)).toMatchObject({
      verdict: 'unknown',
      because: 'an answer of the database wanted; none came within 100 ms',
    });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('nobody listens, or the variable is not set or holds no address; the password is never said', async () => {
    const urls = {
      SHOP_DATABASE_URL: `postgres://ana:hunter2@127.0.0.1:${await freePort()}/shop`,
      WRONG_URL: 'http://[hunter2',
    };
    for (const urlFrom of ['SHOP_DATABASE_URL', 'WRONG_URL', 'OTHER_URL']) {
      const check = { postgres: { urlFrom, query: 'select 1' }, expect: { equals: 1 } };
      const result = await measured(check, checkContext({ env: urls }));
      expect(result).toMatchObject({ verdict: 'unknown', measurements: [{ verdict: 'error' }] });
      expect(JSON.stringify(result)).not.toContain('hunter2');
    }
  });
});

describe('a check only looks', () => {
  it.each(['create table changed (a int)', 'select 1; commit; create table changed (a int)', 'commit'])(
    '%s changes nothing',
    async (query) => {
      expect((await ask(query, { expect: { equals: 1 } })).verdict).toBe('unknown');
      expect(
        await ask("select count(*) from pg_tables where tablename = 'changed'", { expect: { equals: 0 } }),
      ).toMatchObject({
        verdict: 'pass',
      });
    },
  );
});
