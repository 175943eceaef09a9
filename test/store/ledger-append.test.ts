import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerEntry } from '../../src/contract/ledger.ts';
import { canonicalJson } from '../../src/kernel/ledger/canonical.ts';
import { leafHash } from '../../src/kernel/ledger/hash.ts';
import { EMPTY_RANGE, appendLeaf } from '../../src/kernel/ledger/range.ts';
import { transact } from '../../src/store/database.ts';
import {
  InvalidEntry,
  appendEntries,
  appendEntry,
  readEntries,
  readEntriesOf,
  readHead,
} from '../../src/store/ledger.ts';
import { testDatabase } from '../kit/database.ts';
import type { TestDatabase } from '../kit/database.ts';
import { entryOf } from '../kit/ledger.ts';
import { bytesOf, sha256 } from '../kernel/ledger/ed25519.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const append = (changes = {}) => transact(database.db, (tx) => appendEntry(tx, entryOf(changes)));
const sizeNow = async () => (await readHead(database.db))?.size;

/** Nearly 65,535 bytes of details; `last` is the length of the last one. */
const details = (last: number) =>
  Object.fromEntries(Array.from({ length: 34 }, (_, i) => [`d${i}`, 'x'.repeat(i === 33 ? last : 1_940)]));

describe('an entry', () => {
  test('stands as canonical JSON with version and the time of the database', async () => {
    const reason = 'straße "quoted" \\ 😀 {a,b} \u0001 ","time":"x';
    const { index, time } = await append({ reason, digests: { facts: `sha256:${'a'.repeat(64)}` } });
    const [stored] = await readEntries(database.db, index, 1);
    const entry = ledgerEntry.parse(JSON.parse(stored?.entry ?? ''));
    expect(entry).toMatchObject({ ...entryOf({ reason }), version: 1, time });
    expect(stored?.entry).toBe(canonicalJson(entry));

    const { rows } = await sql<{ behind: boolean }>`
      select ${time}::timestamptz between now() - interval '1 minute' and clock_timestamp() as behind`.execute(
      database.db,
    );
    expect(rows).toEqual([{ behind: true }]);
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test('stands only if its transaction commits, and leaves no gap if not', async () => {
    const before = await append();
    await expect(
      transact(database.db, async (tx) => {
        await appendEntry(tx, entryOf());
        throw new Error('the rest of the work failed');
      }),
    ).rejects.toThrow('the rest of the work failed');
    expect((await append()).index).toBe(before.index + 1n);
  });

  test('is found again by what it is about', async () => {
    const { index } = await append({ object: 'run/RUN-7', reason: 'found' });
    await append({ object: 'run/RUN-70' });
    const found = await readEntriesOf(database.db, 'run/RUN-7', { from: 0n, limit: 9 });
    expect(found.map((entry) => entry.index)).toEqual([index]);
  });

  test.each([
    ['an unknown field', { extra: 1 }],
    ['a NUL, which PostgreSQL could not search', { reason: 'a\0b' }],
    ['a lone surrogate', { reason: '\ud800' }],
    ['an object without a kind', { object: 'CHG-1' }],
    ['a digest in capitals', { after: `sha256:${'A'.repeat(64)}` }],
    ['an unknown outcome', { outcome: 'maybe' }],
    [
      'more than 65,535 bytes',
      { details: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`d${i}`, 'x'.repeat(2_000)])) },
    ],
  ])('with %s is refused and nothing is appended', async (_name, changes) => {
    const before = await sizeNow();
    await expect(append(changes)).rejects.toThrow(InvalidEntry);
    expect(await sizeNow()).toBe(before);
  });

  test('of the most bytes that an entry may have goes in', async () => {
    const { index } = await append({ details: details(0) });
    const [small] = await readEntries(database.db, index, 1);
    const room = 65_535 - Buffer.byteLength(small?.entry ?? '');
    const [full] = await readEntries(database.db, (await append({ details: details(room) })).index, 1);
    expect(Buffer.byteLength(full?.entry ?? '')).toBe(65_535);
    await expect(append({ details: details(room + 1) })).rejects.toThrow('at most 65535 bytes, got 65536');
  });
});

test('many appenders at once: contiguous indexes, times in their order, one tree over all', async () => {
  const first = (await sizeNow()) ?? 0n;
  const appended = await Promise.all(
    Array.from({ length: 150 }, (_, i) =>
      i % 3 === 0
        ? transact(database.db, (tx) =>
            appendEntries(tx, [entryOf({ reason: `${i}a` }), entryOf({ reason: `${i}b` })]),
          )
        : transact(database.db, async (tx) => [await appendEntry(tx, entryOf({ reason: `${i}` }))]),
    ),
  );
  const inOrder = appended.flat().toSorted((a, b) => Number(a.index - b.index));
  expect(inOrder.map((one) => one.index)).toEqual(inOrder.map((_, i) => first + BigInt(i)));
  expect(inOrder.map((one) => one.time)).toEqual(inOrder.map((one) => one.time).toSorted());

  const stored = await readEntries(database.db, 0n, 10_000);
  const nodes: string[] = [];
  const range = stored.reduce(
    (tree, { entry }) =>
      appendLeaf(sha256, tree, leafHash(sha256, bytesOf(entry)), (level, index, hash) => {
        if (level % 8 === 0) nodes.push(`${level / 8}/${index} ${Buffer.from(hash).toString('hex')}`);
      }),
    EMPTY_RANGE,
  );
  const head = await readHead(database.db);
  expect(head?.size).toBe(range.size);
  expect(head?.peaks.map((peak) => new Uint8Array(peak))).toEqual(range.peaks);
  const rows = await database.db
    .selectFrom('ledger_nodes')
    .selectAll()
    .orderBy('level')
    .orderBy('index')
    .execute();
  expect(rows.map((row) => `${row.level}/${row.index} ${row.hash.toString('hex')}`)).toEqual(nodes);
});
