import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCheck, judgeUnfinished, type Limits, SINGLE } from '../../../src/kernel/verify/check.ts';
import { MEASUREMENT_VERDICTS, type MeasurementVerdict } from '../../../src/kernel/verify/measurement.ts';
import { combineVerdicts, VERDICTS } from '../../../src/kernel/verify/verdict.ts';

const STRICT: Limits = { count: 1, failureLimit: 0, inconclusiveLimit: 0, consecutiveErrorLimit: 3 };

const LETTERS: Readonly<Record<string, MeasurementVerdict>> = {
  p: 'pass',
  f: 'fail',
  i: 'inconclusive',
  e: 'error',
};

/** `ppe` is two passes and an error. */
function judge(letters: string, limits: Partial<Limits> = {}): string {
  const measurements = letters.split('').map((letter) => {
    const verdict = LETTERS[letter];
    if (!verdict) throw new Error(`expected one of p, f, i, e, got \`${letter}\``);
    return { verdict, value: 1, because: verdict };
  });
  const progress = judgeCheck(measurements, { ...STRICT, ...limits });
  return progress.done ? progress.verdict : 'goes on';
}

describe('a check', () => {
  it.each<[string, Partial<Limits>, string]>([
    ['', {}, 'goes on'],
    ['p', {}, 'pass'],
    ['f', {}, 'fail'],
    ['i', {}, 'unknown'],
    ['e', {}, 'goes on'],
    ['ee', {}, 'goes on'],
    ['eee', {}, 'unknown'],
    ['eep', {}, 'pass'],
    ['eef', {}, 'fail'],
    ['e', SINGLE, 'unknown'],
    ['pp', { count: 3 }, 'goes on'],
    ['ppp', { count: 3 }, 'pass'],
    ['ppf', { count: 3 }, 'fail'],
    ['pf', { count: 3 }, 'fail'],
    ['ppi', { count: 3 }, 'unknown'],
    ['peepeep', { count: 3 }, 'pass'],
    ['ppeee', { count: 3 }, 'unknown'],
    // An error is made up for, and does not count.
    ['ppe', { count: 3 }, 'goes on'],
    ['pfp', { count: 3, failureLimit: 1 }, 'pass'],
    ['pff', { count: 3, failureLimit: 1 }, 'fail'],
    ['pip', { count: 3, inconclusiveLimit: 1 }, 'pass'],
    // Whatever is tolerated, something has to pass.
    ['f', { failureLimit: 9 }, 'fail'],
    ['i', { inconclusiveLimit: 9 }, 'unknown'],
    ['ifi', { count: 3, failureLimit: 9, inconclusiveLimit: 9 }, 'fail'],
    ['', { count: 0 }, 'goes on'],
    ['p', { count: 0 }, 'goes on'],
  ])('of the measurements `%s` with %o: %s', (letters, limits, verdict) => {
    expect(judge(letters, limits)).toBe(verdict);
  });

  it('passes only with a pass, with enough of them, and within every limit', () => {
    const limits = fc.record({
      count: fc.nat(5),
      failureLimit: fc.nat(3),
      inconclusiveLimit: fc.nat(3),
      consecutiveErrorLimit: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('p', 'f', 'i', 'e'), { maxLength: 12 }),
        limits,
        (letters, given) => {
          const count = (letter: string) => letters.filter((one) => one === letter).length;
          if (judge(letters.join(''), given) !== 'pass') return;
          expect(count('p')).toBeGreaterThan(0);
          expect(count('f')).toBeLessThanOrEqual(given.failureLimit);
          expect(count('i')).toBeLessThanOrEqual(given.inconclusiveLimit);
          expect(letters.length - count('e')).toBeGreaterThanOrEqual(given.count);
        },
      ),
    );
  });

  it('that was ended from outside is unknown, whatever it measured', () => {
    for (const verdict of MEASUREMENT_VERDICTS) {
      expect(judgeUnfinished([{ verdict, value: 1, because: 'so it is' }], 'it was given up')).toEqual({
        verdict: 'unknown',
        because: 'it was given up after 1 measurement; the last said: so it is',
      });
    }
  });
});

describe('one verdict of many', () => {
  it('is a pass only of passes, and never of nothing', () => {
    expect(combineVerdicts([])).toBe('unknown');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VERDICTS)), (verdicts) => {
        const wanted = verdicts.includes('fail')
          ? 'fail'
          : verdicts.includes('unknown') || verdicts.length === 0
            ? 'unknown'
            : 'pass';
        expect(combineVerdicts(verdicts)).toBe(wanted);
      }),
    );
  });
});
