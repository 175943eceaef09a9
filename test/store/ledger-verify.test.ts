import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyNewestEntries, verifyWholeLedger } from '../../src/app/ledger.ts';
import { signLedger } from '../../src/app/ledger-sign.ts';
import { faultsOf, testLedger } from '../kit/ledger.ts';
import type { TestLedger } from '../kit/ledger.ts';

let one: TestLedger;
beforeEach(async () => {
  one = await testLedger();
});
afterEach(() => one.drop());

const faults = async () => faultsOf(await verifyWholeLedger(one.ledger));
const newestFaults = async () => faultsOf(await verifyNewestEntries(one.ledger));
const signed = async () => expect(await signLedger(one.ledger)).toMatchObject({ ok: true });

describe('a ledger that nobody touched', () => {
  test('is sound when empty, before and after its first signature', async () => {
    expect(await verifyWholeLedger(one.ledger)).toMatchObject({ sound: true, size: '0', anchored: null });
    await signed();
    expect(await verifyWholeLedger(one.ledger)).toMatchObject({
      sound: true,
      whole: true,
      size: '0',
      root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      checkpoints: 2,
      anchored: '0',
    });
  });

  test('is sound over tiles, pages and checkpoints, and what was not signed yet', async () => {
    await signed();
    for (const count of [1, 254, 1, 1, 300, 1_500]) {
      await one.append(count);
      await signed();
    }
    await one.append(40);
    expect(await verifyWholeLedger(one.ledger)).toMatchObject({
      sound: true,
      size: '2097',
      checkpoints: 8,
      anchored: '2057',
    });
    expect(await verifyNewestEntries(one.ledger)).toMatchObject({ sound: true, whole: false, size: '2097' });
  });

  test('is verified while others append and sign', async () => {
    await one.append(300);
    const appending = (async () => {
      for (let i = 0; i < 20; i++) {
        await one.append(7);
        await signed();
      }
    })();
    for (let i = 0; i < 6; i++) {
      expect(await faults()).toEqual([]);
      expect(await newestFaults()).toEqual([]);
    }
    await appending;
    expect(await verifyWholeLedger(one.ledger)).toMatchObject({ sound: true, size: '440' });
  });

  test('signing twice gives the same checkpoint', async () => {
    await one.append(5);
    expect(await signLedger(one.ledger)).toEqual(await signLedger(one.ledger));
  });
});
