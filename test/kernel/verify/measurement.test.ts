import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Expectation, rangeText, type Value, within } from '../../../src/kernel/verify/expectation.ts';
import { judgeValue, type MeasurementVerdict } from '../../../src/kernel/verify/measurement.ts';

describe('a range', () => {
  it.each<[Value, Expectation, boolean | null]>([
    [5, { equals: 5 }, true],
    [5, { equals: 6 }, false],
    [5, { notEquals: 6 }, true],
    [5, { notEquals: 5 }, false],
    [5, { below: 5 }, false],
    [5, { atMost: 5 }, true],
    [5, { above: 5 }, false],
    [5, { atLeast: 5 }, true],
    [5, { atLeast: 1, below: 5 }, false],
    [4, { atLeast: 1, below: 5 }, true],
    ['5', { equals: 5 }, true],
    ['5', { below: 6 }, true],
    ['4MB', { equals: '4MB' }, true],
    ['4MB', { notEquals: '8MB' }, true],
    [true, { equals: true }, true],
    [false, { equals: true }, false],
    // What cannot be compared is neither inside nor outside.
    [5, {}, null],
    [null, { notEquals: 5 }, null],
    [null, { equals: 0 }, null],
    ['', { equals: 0 }, null],
    ['', { below: 5 }, null],
    ['4MB', { below: 5 }, null],
    ['many', { notEquals: 5 }, null],
    [5, { equals: '5' }, null],
    [5, { notEquals: '6' }, null],
    [1, { equals: true }, null],
    [true, { equals: 1 }, null],
    [true, { above: 0 }, null],
    [Number.NaN, { notEquals: 5 }, null],
    [Number.NaN, { above: 5 }, null],
    [Number.POSITIVE_INFINITY, { above: 5 }, null],
    ['+Inf', { above: 5 }, null],
    ['NaN', { notEquals: 5 }, null],
    [5, { below: Number.NaN }, null],
    [5, { equals: 5, below: Number.NaN }, null],
  ])('%o in %o: %s', (value, range, answer) => {
    expect(within(value, range)).toBe(answer);
  });

  it('is said as a person would', () => {
    expect(rangeText({ atLeast: 1, below: 5 })).toBe('below 5 and at least 1');
    expect(rangeText({ equals: '4MB' })).toBe('equal to `4MB`');
  });
});

describe('a value', () => {
  it.each<[Value, Expectation | undefined, Expectation | undefined, MeasurementVerdict]>([
    [5, { below: 6 }, undefined, 'pass'],
    [6, { below: 6 }, undefined, 'fail'],
    [5, undefined, { above: 5 }, 'pass'],
    [6, undefined, { above: 5 }, 'fail'],
    [1, { below: 2 }, { above: 5 }, 'pass'],
    [3, { below: 2 }, { above: 5 }, 'inconclusive'],
    [6, { below: 2 }, { above: 5 }, 'fail'],
    // In both ranges by mistake: the failure counts.
    [6, { above: 1 }, { above: 5 }, 'fail'],
    [5, undefined, undefined, 'inconclusive'],
    [5, {}, undefined, 'inconclusive'],
    [null, { notEquals: 5 }, undefined, 'inconclusive'],
    [null, undefined, { above: 5 }, 'inconclusive'],
    [Number.NaN, { below: 5 }, { atLeast: 5 }, 'inconclusive'],
    [Number.POSITIVE_INFINITY, { below: 5 }, { atLeast: 5 }, 'inconclusive'],
    ['off', { equals: 5 }, undefined, 'inconclusive'],
  ])('%o, wanted %o, failure %o: %s', (value, expected, failWhen, verdict) => {
    expect(judgeValue(value, { expect: expected, failWhen }).verdict).toBe(verdict);
  });

  it('that is not finite never passes and never fails, whatever the ranges', () => {
    const range = fc.record(
      {
        below: fc.double(),
        atMost: fc.double(),
        above: fc.double(),
        atLeast: fc.double(),
        equals: fc.double(),
        notEquals: fc.double(),
      },
      { requiredKeys: [] },
    );
    const notFinite = fc.constantFrom<Value>(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      null,
      '',
      'NaN',
      '+Inf',
    );
    fc.assert(
      fc.property(notFinite, range, range, (value, expected, failWhen) => {
        expect(judgeValue(value, { expect: expected, failWhen }).verdict).toBe('inconclusive');
      }),
    );
  });
});
