import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { agreed } from '../../../src/kernel/calendar/agreed.ts';

const span = record({ start: integer({ min: 0, max: 20 }), length: integer({ min: 1, max: 8 }) }).map(
  ({ start, length }) => ({ start, end: start + length }),
);
const shift = record({ span, person: constantFrom('ana', 'rhea', 'rolf') }).map(({ span: at, person }) => ({
  ...at,
  person,
}));
const covers =
  (instant: number) =>
  ({ start, end }: { readonly start: number; readonly end: number }) =>
    start <= instant && instant < end;

it('has on call who alone is named, and nobody where more are or where an event names nobody we know', () => {
  assert(
    property(array(shift, { maxLength: 6 }), array(span, { maxLength: 3 }), (shifts, unclear) => {
      const { shifts: held, contested } = agreed(shifts, unclear);
      for (let instant = 0; instant < 30; instant += 1) {
        const named = new Set(shifts.filter(covers(instant)).map(({ person }) => person));
        const found = held.filter(covers(instant)).map(({ person }) => person);
        const alone = named.size === 1 && !unclear.some(covers(instant));
        expect(found).toEqual(alone ? [...named] : []);
        expect(contested.some(covers(instant))).toBe(named.size > 1);
      }
    }),
  );
});

it('joins what one person has without a break', () => {
  const { shifts } = agreed(
    [
      { person: 'ana', start: 0, end: 5 },
      { person: 'ana', start: 3, end: 9 },
      { person: 'ana', start: 9, end: 12 },
      { person: 'ana', start: 13, end: 14 },
    ],
    [],
  );
  expect(shifts.map(({ start, end }) => [start, end])).toEqual([
    [0, 12],
    [13, 14],
  ]);
});
