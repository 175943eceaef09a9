import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkContext, measured } from '../kit/check-context.ts';
import { eventually } from '../kit/loopback-process.ts';
import { type PostgresPair, startPostgresPair } from '../kit/postgres-pair.ts';

let pair: PostgresPair;

beforeAll(async () => {
  pair = await startPostgresPair();
  // A primary that has nothing to say tells its end only some seconds later.
  await pair.on(pair.primary, 'create table orders (id int)');
});
afterAll(() => pair?.stop());

function read(reads: string, url: string, range: Record<string, unknown>) {
  const context = checkContext({ env: { SHOP_DATABASE_URL: url } });
  return measured({ postgres: { urlFrom: 'SHOP_DATABASE_URL', reads }, expect: range }, context);
}

it('tells a replica from its primary', async () => {
  expect(await read('replica', pair.replica, { equals: true })).toMatchObject({ verdict: 'pass' });
  expect(await read('replica', pair.primary, { equals: true })).toMatchObject({ verdict: 'fail' });
  expect(await read('replica', pair.primary, { equals: false })).toMatchObject({ verdict: 'pass' });
});

it('one that has everything lags by nothing, and a primary has no lag', async () => {
  const result = await eventually(
    () => read('lagSeconds', pair.replica, { atMost: 0 }),
    ({ verdict }) => verdict === 'pass',
  );
  expect(result.measurements).toMatchObject([{ value: 0 }]);
  expect(await read('lagSeconds', pair.primary, { atMost: 60 })).toMatchObject({
    verdict: 'unknown',
    because: 'a replica wanted; it is a primary',
  });
});

it('one that replays nothing lags more and more', async () => {
  await pair.on(pair.replica, 'select pg_wal_replay_pause()');
  await pair.on(pair.primary, 'insert into orders values (1)');
  const lagging = await eventually(
    () => read('lagSeconds', pair.replica, { atMost: 0 }),
    ({ verdict }) => verdict === 'fail',
  );
  expect(lagging.measurements[0]?.value).toBeGreaterThan(0);
  await pair.on(pair.replica, 'select pg_wal_replay_resume()');
});

it('who may not see the receiver learns nothing, and so passes nothing', async () => {
  await pair.on(pair.primary, 'create role looker login');
  const url = pair.replica.replace('postgres@', 'looker@');
  const seen = await eventually(
    () => read('lagSeconds', url, { atMost: 60 }),
    ({ because }) => !because.includes('28000'),
  );
  expect(seen).toMatchObject({ verdict: 'unknown', because: expect.stringContaining('pg_read_all_stats') });
});

it('one whose primary is gone has replayed all that it has, and passes nothing', async () => {
  await pair.stopPrimary();
  const alone = await eventually(
    () => read('lagSeconds', pair.replica, { atMost: 60 }),
    ({ verdict }) => verdict !== 'pass',
  );
  expect(alone).toMatchObject({
    verdict: 'unknown',
    because: expect.stringContaining('that streams wanted'),
  });
});
