import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMeasured, parseSample, sampleText } from '../../../src/kernel/verify/sample.ts';

describe('a sample', () => {
  it.each<[string, number]>([
    ['1', 1],
    ['-0.5', -0.5],
    ['+3', 3],
    ['1e+06', 1_000_000],
    ['5.5E-3', 0.0055],
    ['1795434908.404', 1_795_434_908.404],
    ['NaN', Number.NaN],
    ['+Inf', Number.POSITIVE_INFINITY],
    ['Inf', Number.POSITIVE_INFINITY],
    ['-Inf', Number.NEGATIVE_INFINITY],
  ])('%s is %d', (text, value) => {
    expect(parseSample(text)).toBe(value);
  });

  it.each([
    '',
    ' ',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    '0b1',
    '1_000',
    '1,5',
    '.5',
    '5.',
    '1e',
    'e5',
    '--1',
    'Infinity',
    '-Infinity',
    'nan',
    'inf',
    'null',
    'true',
    '4MB',
    '１',
    null,
    undefined,
    1,
    0,
    true,
    false,
    [],
    ['1'],
    {},
  ])('%o is none', (text) => {
    expect(parseSample(text)).toBeNull();
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parseSample(sampleText(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('is measured only if it is finite', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(isMeasured)).toEqual([
      false,
      false,
      false,
    ]);
    expect([0, -1, 1e308].map(isMeasured)).toEqual([true, true, true]);
  });
});
