import type { Expectation } from '../contract/check.ts';
import { within } from '../kernel/verify/expectation.ts';

/** A value that lies in both ranges, or `null` if there is none; found among the ranges' own limits and between them. */
export function overlapOf(one: Expectation, other: Expectation): number | string | null {
  const candidates = [...limitsOf(one), ...limitsOf(other)];
  const numbers = candidates.filter((limit) => typeof limit === 'number').toSorted((a, b) => a - b);
  const between = numbers.flatMap((limit, i) => [limit, middle(limit, numbers[i + 1])]);
  const outside = [Math.min(...numbers, 0) - 1, Math.max(...numbers, 0) + 1];
  const all = [...candidates, ...between, ...(numbers.length > 0 ? outside : [])];
  const found = all.find((value) => within(value, one) === true && within(value, other) === true);
  return found === undefined ? null : typeof found === 'boolean' ? String(found) : found;
}

const limitsOf = (range: Expectation) => Object.values(range).filter((limit) => limit !== undefined);

const middle = (low: number, high: number | undefined) => (high === undefined ? low : (low + high) / 2);
