import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedger, verifyWholeLedger } from '../../src/app/ledger.ts';
import { signLedger } from '../../src/app/ledger-sign.ts';
import { signCheckpoint } from '../../src/kernel/ledger/checkpoint.ts';
import { createLogKey } from '../../src/store/ledger-key.ts';
import { testDatabase } from '../kit/database.ts';
import { DISARM, faultsOf, testLedger } from '../kit/ledger.ts';
import type { TestLedger } from '../kit/ledger.ts';
import { bytesOf, sha256 } from '../kernel/ledger/ed25519.ts';

let one: TestLedger;
beforeEach(async () => {
  one = await testLedger();
});
afterEach(() => one.drop());

const faults = async () => faultsOf(await verifyWholeLedger(one.ledger));
const signed = async () => expect(await signLedger(one.ledger)).toMatchObject({ ok: true });
const refusesToSign = async (code: string) => {
  const refusal = await signLedger(one.ledger);
  expect(refusal.ok ? null : refusal.faults[0]?.code).toBe(code);
};

describe('attack 64 and 65, on stored checkpoints', () => {
  beforeEach(async () => {
    await one.append(10);
    await signed();
  });

  test('a second checkpoint of one size does not get in', async () => {
    await one.superuser(`insert into ledger_checkpoints (size, note) select size, 'x' || note
      from ledger_checkpoints on conflict do nothing;`);
    await expect(
      one.superuser(
        `insert into ledger_checkpoints (size, note) select size, 'x' || note from ledger_checkpoints;`,
      ),
    ).rejects.toThrow('duplicate key');
    expect(await faults()).toEqual([]);
  });

  test('a checkpoint that the log did sign, for another tree of that size', async () => {
    const { key } = one.ledger;
    const forked = signCheckpoint(
      { size: 10n, root: sha256(bytesOf('another')) },
      key.verifier,
      key.signMessage,
    );
    await one.superuser(`${DISARM} update ledger_checkpoints set note = '${forked}';`);
    expect(await faults()).toEqual(['checkpoint-root 0..9']);
    await refusesToSign('checkpoint-root');
    await writeFile(one.ledger.anchorFile, forked);
    expect(await faults()).toEqual(['checkpoint-root 0..9', 'anchor-root 0..9']);
  });

  test('an older one that the log did sign, for another tree, below a newest that is good', async () => {
    const { key } = one.ledger;
    const forked = signCheckpoint(
      { size: 5n, root: sha256(bytesOf('other')) },
      key.verifier,
      key.signMessage,
    );
    await one.superuser(`${DISARM} delete from ledger_checkpoints;
      insert into ledger_checkpoints (size, note) values (5, '${forked}');`);
    expect(await faults()).toEqual(['checkpoint-root 0..4']);
    await refusesToSign('checkpoint-root');
  });

  test.each([
    ['by another key', (note: string) => note.replace(/— (\S+) (\S{6})/, '— $1 AAAAAA')],
    ['with a changed size', (note: string) => note.replace('\n10\n', '\n11\n')],
    ['with CRLF', (note: string) => note.replaceAll('\n', '\r\n')],
    ['with trailing bytes', (note: string) => `${note}x`],
    ['with a leading zero', (note: string) => note.replace('\n10\n', '\n010\n')],
    ['with a forged line', (note: string) => note.replace(/.{6}=\n$/, 'AAAAAA=\n')],
  ])('one %s', async (_name, forge) => {
    const note = await readFile(one.ledger.anchorFile, 'utf8');
    expect(forge(note)).not.toBe(note);
    await one.superuser(`${DISARM} update ledger_checkpoints set note = '${forge(note)}';`);
    expect(await faults()).toEqual(['checkpoint-invalid null..null']);
    await refusesToSign('checkpoint-invalid');
    await writeFile(one.ledger.anchorFile, forge(note));
    expect(await faults()).toEqual(['anchor-invalid null..null', 'checkpoint-invalid null..null']);
  });

  test('a good one under another size', async () => {
    await one.superuser(
      `insert into ledger_checkpoints (size, note) select 9, note from ledger_checkpoints;`,
    );
    expect(await faults()).toEqual(['checkpoint-invalid null..null']);
  });

  test("every one of them signed by a key that is not the log's", async () => {
    const other = await createLogKey(`${one.folder}/other.key`);
    expect((await verifyWholeLedger({ ...one.ledger, key: other })).faults).toMatchObject([
      { code: 'anchor-invalid' },
      { code: 'checkpoint-invalid' },
    ]);
  });
});

describe('the signing key', () => {
  test('is not made anew where something was signed already', async () => {
    const files = {
      keyFile: `${one.folder}/none.key`,
      anchorFile: `${one.folder}/none`,
      anchorRequired: false,
    };
    await signed();
    await expect(openLedger(one.ledger.db, files)).rejects.toThrow('expected the signing key of this ledger');
  });

  test('is one, however many servers start at once on a new database', async () => {
    const database = await testDatabase();
    try {
      const opened = await Promise.allSettled(
        ['a', 'b', 'c'].map((name) => {
          const files = { keyFile: `${one.folder}/${name}.key`, anchorFile: `${one.folder}/${name}` };
          return openLedger(database.db, { ...files, anchorRequired: false });
        }),
      );
      const refused = opened.filter((other) => other.status === 'rejected');
      expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const { reason } of refused)
        expect(String(reason)).toMatch(/copy (it|the file) from a server that has it/);
    } finally {
      await database.drop();
    }
  });

  test('is the same after the next start', async () => {
    const again = await openLedger(one.ledger.db, {
      keyFile: `${one.folder}/ledger/log.key`,
      anchorFile: one.ledger.anchorFile,
      anchorRequired: true,
    });
    expect(again.key.vkey).toBe(one.ledger.key.vkey);
  });
});
