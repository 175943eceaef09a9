import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant, parseInstant } from '../../../src/kernel/calendar/instant.ts';

const earliest = new Date('0000-01-01T00:00:00Z').getTime();
const latest = new Date('9999-12-31T23:59:59.999Z').getTime();

describe('instants', () => {
  test('are written and read as the language itself does', () => {
    fc.assert(
      fc.property(fc.integer({ min: earliest, max: latest }), (ms) => {
        const text = new Date(ms).toISOString();
        expect(parseInstant(text)).toBe(ms);
        expect(formatInstant(ms)).toBe(text.replace('.000Z', 'Z'));
      }),
      { numRuns: 3_000 },
    );
  });

  test('survive every day from 1896 to 2104', () => {
    const day = 86_400_000;
    for (let ms = Date.UTC(1896, 0, 1); ms < Date.UTC(2104, 0, 1); ms += day) {
      expect(formatInstant(ms)).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'));
    }
  });

  test.each([
    ['2026-11-17T22:00:00+01:00', '2026-11-17T21:00:00Z'],
    ['2026-11-17T22:00:00-05:30', '2026-11-18T03:30:00Z'],
    ['2026-11-17t22:00:00z', '2026-11-17T22:00:00Z'],
    ['2026-11-17T22:00:00.5Z', '2026-11-17T22:00:00.500Z'],
    ['2026-11-17T22:00:00.123456789Z', '2026-11-17T22:00:00.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['2000-02-29T23:59:59Z', '2000-02-29T23:59:59Z'],
  ])('%s is %s', (text, same) => {
    expect(formatInstant(parseInstant(text) ?? Number.NaN)).toBe(same);
  });

  test.each([
    '2026-11-17T22:00:00',
    '2026-11-17',
    '2026-11-17 22:00:00Z',
    '2026-11-17T22:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-11-17T24:00:00Z',
    '2026-11-17T23:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-11-17T22:00:00+24:00',
    '2026-11-17T22:00:00+0100',
    ' 2026-11-17T22:00:00Z',
    '2026-11-17T22:00:00Z\n',
    '+2026-11-17T22:00:00Z',
    '２026-11-17T22:00:00Z',
    '',
  ])('`%s` is none', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});
