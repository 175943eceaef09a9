import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../src/kernel/ledger/base64.ts';

test('writes what Node writes and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
});

test('one text for one value: whatever reads as bytes is written the same way', () => {
  const letters = fc.constantFrom('A', 'B', '9', '+', '/', '=', '-', '_', ' ', '\n');
  fc.assert(
    fc.property(fc.string({ unit: letters, maxLength: 12 }), (text) => {
      const bytes = fromBase64(text);
      if (bytes !== null) expect(toBase64(bytes)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  'A',
  'AA',
  'AAA',
  'AB==',
  'AAB=',
  'A===',
  '====',
  'AA=A',
  'AA==AAAA',
  'A-__',
  'AAA\n',
  ' AAA',
  'ÀAAA',
])('refuses `%s`', (text) => {
  expect(fromBase64(text)).toBeNull();
});
