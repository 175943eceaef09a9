import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlay, swaps, type Held } from '../../../src/kernel/calendar/overlay.ts';

const held = (person: string, start: number, end: number): Held => ({ person, start, end });
const at = (shifts: readonly Held[], instant: number) =>
  shifts.find(({ start, end }) => start <= instant && instant < end)?.person ?? null;

/** Shifts one after the other, with gaps. */
const layer = array(
  record({
    gap: nat(4),
    length: integer({ min: 1, max: 6 }),
    person: constantFrom('ana', 'rhea', 'rolf'),
  }),
  { maxLength: 6 },
).map((parts) => {
  let end = 0;
  return parts.map(({ gap, length, person }) => {
    const start = end + gap;
    end = start + length;
    return held(person, start, end);
  });
});
const INSTANTS = Array.from({ length: 70 }, (_, index) => index);

describe('a cover over a plan', () => {
  it.each([
    ['in the midst of a shift', [held('rolf', 3, 5)], 'rhea 0-3, rolf 3-5, rhea 5-10'],
    ['over an edge', [held('rolf', 8, 12)], 'rhea 0-8, rolf 8-12'],
    ['over all of it', [held('rolf', 0, 10)], 'rolf 0-10'],
    ['that only touches', [held('rolf', 10, 12)], 'rhea 0-10, rolf 10-12'],
  ])('%s', (_where, covers, wanted) => {
    const laid = overlay([held('rhea', 0, 10)], covers);
    expect(laid.map(({ person, start, end }) => `${person} ${start}-${end}`).join(', ')).toBe(wanted);
  });

  it('answers at every instant as the cover does, else as the plan, and never twice', () => {
    assert(
      property(layer, layer, (plan, covers) => {
        const laid = overlay(plan, covers);
        for (const instant of INSTANTS) {
          expect(at(laid, instant)).toBe(at(covers, instant) ?? at(plan, instant));
          expect(
            laid.filter(({ start, end }) => start <= instant && instant < end).length,
          ).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('swaps', () => {
  it('are exactly where two rotas name different persons', () => {
    assert(
      property(layer, layer, (before, after) => {
        const found = swaps(before, after);
        for (const instant of INSTANTS) {
          const swap = found.find(({ start, end }) => start <= instant && instant < end);
          const [was, is] = [at(before, instant), at(after, instant)];
          expect(swap && { was: swap.before, is: swap.after }).toEqual(was === is ? undefined : { was, is });
        }
      }),
    );
  });
});
