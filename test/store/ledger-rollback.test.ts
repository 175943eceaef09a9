import { rm, writeFile } from 'node:fs/promises';
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

describe('attack 62', () => {
  const CUT = `${DISARM} delete from ledger_entries where index >= 290; ${REBUILD}`;

  test('the tail cut, with and without the checkpoints of it', async () => {
    await one.append(280);
    await signed();
    await one.append(20);
    await signed();
    await one.superuser(CUT);
    expect(await faults()).toEqual(['checkpoint-ahead 290..299', 'anchor-ahead 290..299']);
    await one.superuser(`${DISARM} delete from ledger_checkpoints where size = 300;`);
    expect(await faults()).toEqual(['anchor-ahead 290..299']);
    expect(await newestFaults()).toEqual(['anchor-ahead 290..299']);
    await refusesToSign('anchor-ahead');
  });

  test('only the newest entries cut, and the head left', async () => {
    await one.append(10);
    await signed();
    await one.superuser(`${DISARM} delete from ledger_entries where index >= 8;`);
    expect(await faults()).toEqual(['head-size 8..9', 'checkpoint-ahead 8..9', 'anchor-ahead 8..9']);
  });

  test("yesterday's backup restored, and then worked on until it is longer again", async () => {
    await one.append(300);
    await signed();
    const yesterday =
      'create table backup as select * from ledger_entries; create table heads as select * from ledger_head;';
    await one.superuser(yesterday);
    await one.append(20);
    await signed();
    await one.superuser(`${DISARM}
      delete from ledger_entries where index >= 300; delete from ledger_checkpoints where size > 300;
      update ledger_head set size = heads.size, peaks = heads.peaks from heads;
      alter table ledger_entries enable trigger all;`);
    expect(await newestFaults()).toEqual(['anchor-ahead 300..319']);
    await refusesToSign('anchor-ahead');

    await one.append(30);
    expect(await newestFaults()).toEqual(['anchor-root 300..319']);
    expect(await faults()).toEqual(['anchor-root 300..319']);
    await refusesToSign('anchor-root');
  });

  test('the file with the newest checkpoint deleted', async () => {
    await one.append(3);
    await signed();
    await writeFile(one.ledger.anchorFile, '');
    expect(await faults()).toEqual(['anchor-invalid null..null']);
    await rm(one.ledger.anchorFile);
    expect(await faults()).toEqual(['anchor-missing null..null']);
    expect(await newestFaults()).toEqual(['anchor-missing null..null']);
    await refusesToSign('anchor-missing');
  });

  test('where no file outlives the program, the newest stored checkpoint is taken, and kept', async () => {
    await one.append(3);
    await signed();
    await rm(one.ledger.anchorFile);
    const elsewhere = { ...one.ledger, anchorRequired: false };
    expect(await verifyWholeLedger(elsewhere)).toMatchObject({ sound: true, anchored: null });
    expect(await signLedger(elsewhere)).toMatchObject({ ok: true });
    expect(await verifyWholeLedger(elsewhere)).toMatchObject({ sound: true, anchored: '3' });
  });
});
