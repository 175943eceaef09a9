import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyNewestEntries, verifyWholeLedger } from '../../src/app/ledger.ts';
import { signLedger } from '../../src/app/ledger-sign.ts';
import { DISARM, REBUILD, faultsOf, testLedger } from '../kit/ledger.ts';
import type { TestLedger } from '../kit/ledger.ts';

let one: TestLedger;
beforeEach(async () => {
  one = await testLedger();
});
afterEach(() => one.drop());

const faults = async () => faultsOf(await verifyWholeLedger(one.ledger));
const newestFaults = async () => faultsOf(await verifyNewestEntries(one.ledger));
const signed = async () => expect(await signLedger(one.ledger)).toMatchObject({ ok: true });
const refusesToSign = async (code: string) => {
  const refusal = await signLedger(one.ledger);
  expect(refusal.ok ? null : refusal.faults[0]?.code).toBe(code);
};
const EDIT = `update ledger_entries set entry = replace(entry, 'entry 5', 'entry X') where index = 5;`;
const REHASH = `update ledger_entries set leaf_hash = sha256('\\x00'::bytea || convert_to(entry, 'UTF8'));`;

describe('attack 61 and 63, as the superuser who switches the triggers off', () => {
  beforeEach(async () => {
    await one.append(3);
    await signed();
    await one.append(297);
    await signed();
  });

  test('one byte of an entry', async () => {
    await one.superuser(`${DISARM} ${EDIT}`);
    expect(await faults()).toEqual(['entry-altered 5..5']);
  });

  test('an entry with its leaf hash', async () => {
    await one.superuser(`${DISARM} ${EDIT} ${REHASH}`);
    expect(await faults()).toEqual([
      'checkpoint-root 3..299',
      'anchor-root 3..299',
      'node-wrong 0..255',
      'head-root 0..255',
    ]);
  });

  test('an entry, and the whole tree made anew over it', async () => {
    await one.superuser(`${DISARM} ${EDIT} ${REBUILD}`);
    expect(await faults()).toEqual(['checkpoint-root 3..299', 'anchor-root 3..299']);
    expect(await newestFaults()).toEqual(['checkpoint-root 0..299', 'anchor-root 0..299']);
    await refusesToSign('checkpoint-root');
  });

  test('the same, and every checkpoint deleted', async () => {
    await one.superuser(`${DISARM} ${EDIT} ${REBUILD} delete from ledger_checkpoints;`);
    expect(await faults()).toEqual(['anchor-root 0..299']);
    await refusesToSign('anchor-root');
  });

  test('a column by which entries are found', async () => {
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns where table_name = 'ledger_entries'
      and column_name not in ('index', 'entry', 'leaf_hash')`.execute(one.ledger.db);
    expect(rows.length).toBeGreaterThan(0);
    // One that is added later is verified too, or this fails.
    for (const [i, { name }] of rows.entries()) {
      const index = 290 + i;
      await one.superuser(`${DISARM} update ledger_entries set ${name} = 'x' where index = ${index};`);
      for (const verdict of [await verifyWholeLedger(one.ledger), await verifyNewestEntries(one.ledger)]) {
        expect(verdict.faults.at(-1)).toMatchObject({
          code: 'column-altered',
          first: `${index}`,
          last: `${index}`,
          message: expect.stringMatching(
            new RegExp(`^expected the column \`${name}\` to say \`.+\`, as the entry does, got \`x\``),
          ),
        });
        expect(verdict.faults).toHaveLength(i + 1);
      }
    }
    await one.append(1);
    await one.superuser(`${DISARM} update ledger_entries set outcome = 'deny' where index = 300;`);
    await refusesToSign('column-altered');
  });

  test('the columns taken from an old entry', async () => {
    await one.superuser(`${DISARM} update ledger_entries set type = null, outcome = null where index = 5;`);
    expect(await faults()).toEqual(['column-altered 5..5', 'column-altered 5..5']);
  });

  test('an entry deleted', async () => {
    await one.superuser(`${DISARM} delete from ledger_entries where index = 7;`);
    expect(await faults()).toEqual(['entry-missing 7..7']);
  });

  test('the first entry deleted', async () => {
    await one.superuser(`${DISARM} delete from ledger_entries where index = 0;`);
    expect(await faults()).toEqual(['entry-missing 0..0']);
  });

  test('all of it emptied', async () => {
    await one.superuser(`${DISARM} delete from ledger_entries; delete from ledger_nodes;
      delete from ledger_checkpoints; update ledger_head set size = 0, peaks = '{}';`);
    expect(await faults()).toEqual(['anchor-ahead 0..299']);
    expect(await newestFaults()).toEqual(['anchor-ahead 0..299']);
    await refusesToSign('anchor-ahead');
  });

  test('two leaves swapped, with and without their hashes', async () => {
    await one.superuser(`${DISARM}
      update ledger_entries set index = 1000 where index = 290; update ledger_entries set index = 290 where index = 291;
      update ledger_entries set index = 291 where index = 1000;`);
    expect(await faults()).toEqual(['checkpoint-root 3..299', 'anchor-root 3..299', 'head-root 288..295']);
    expect(await newestFaults()).toContain('head-root 288..295');
    await one.superuser(`${DISARM} update ledger_entries a set leaf_hash = b.leaf_hash from ledger_entries b
      where a.index in (290, 291) and b.index = 581 - a.index;`);
    expect(await faults()).toEqual(['entry-altered 290..290', 'entry-altered 291..291']);
  });

  test('a stored subtree hash changed, deleted, added', async () => {
    await one.superuser(`${DISARM} update ledger_nodes set hash = sha256('x');`);
    expect(await faults()).toEqual(['node-wrong 0..255']);
    await one.superuser(`${DISARM} delete from ledger_nodes;`);
    expect(await faults()).toEqual(['node-wrong 0..255', 'node-wrong null..null']);
    await one.superuser(
      `${DISARM} delete from ledger_nodes; insert into ledger_nodes values (1, 7, sha256(''));`,
    );
    expect(await faults()).toEqual(['node-wrong 0..255']);
  });

  test('the head changed, or gone', async () => {
    await one.superuser(`${DISARM} update ledger_head set size = 299;`);
    expect(await faults()).toEqual(['head-size 299..299']);
    await one.superuser(`${DISARM} update ledger_head set size = 300, peaks[2] = sha256('x');`);
    expect(await faults()).toEqual(['head-root 256..287']);
    await one.superuser(`${DISARM} delete from ledger_head;`);
    expect(await faults()).toEqual(['head-missing null..null']);
    expect(await newestFaults()).toEqual(['head-missing null..null']);
  });

  test('an entry added behind the back of the head', async () => {
    await one.superuser(`insert into ledger_entries (index, entry, leaf_hash, object, type, subject, outcome)
      select 300, entry, leaf_hash, object, type, subject, outcome from ledger_entries where index = 1;`);
    expect(await faults()).toEqual(['head-size 300..300']);
    expect(await newestFaults()).toEqual(['head-size 300..300']);
  });
});
