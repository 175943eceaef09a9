import { isMeasured, parseSample, sampleText } from './sample.ts';

/** A measured value; `null` is the absence of one. */
export type Value = number | string | boolean | null;
type Comparable = number | string | boolean;

/** What a measured value is compared with; every operator given must hold. */
export interface Expectation {
  readonly equals?: Comparable | undefined;
  readonly notEquals?: Comparable | undefined;
  readonly below?: number | undefined;
  readonly atMost?: number | undefined;
  readonly above?: number | undefined;
  readonly atLeast?: number | undefined;
}

/** `null` where the value cannot be compared at all: no value, not finite, or of another type. */
export type Within = boolean | null;

/** Whether a value lies in a range. An empty expectation compares nothing, so it is `null`. */
export function within(value: Value, expectation: Expectation): Within {
  let result: Within = null;
  for (const { operator, holds } of OPERATORS) {
    const limit = expectation[operator];
    if (limit === undefined) continue;
    const held = holds(value, limit);
    if (held === null) return null;
    result = held && result !== false;
  }
  return result;
}

/** A range as a person would say it: `at least 1 and below 5`. */
export function rangeText(expectation: Expectation): string {
  return OPERATORS.flatMap(({ operator, text }) => {
    const limit = expectation[operator];
    return limit === undefined ? [] : [`${text} ${valueText(limit)}`];
  }).join(' and ');
}

const LONGEST_SHOWN = 300;

/** A value as it is shown in a sentence; a long text is cut, visibly. */
export function valueText(value: Value): string {
  if (typeof value === 'number') return sampleText(value);
  if (typeof value !== 'string') return String(value);
  return value.length <= LONGEST_SHOWN
    ? `\`${value}\``
    : `\`${value.slice(0, LONGEST_SHOWN)}…\` of ${value.length} characters`;
}

interface Operator {
  readonly operator: keyof Expectation;
  readonly text: string;
  readonly holds: (value: Value, limit: Comparable) => Within;
}

const OPERATORS: readonly Operator[] = [
  { operator: 'equals', text: 'equal to', holds: same },
  { operator: 'notEquals', text: 'other than', holds: (value, limit) => not(same(value, limit)) },
  { operator: 'below', text: 'below', holds: ordered((value, limit) => value < limit) },
  { operator: 'atMost', text: 'at most', holds: ordered((value, limit) => value <= limit) },
  { operator: 'above', text: 'above', holds: ordered((value, limit) => value > limit) },
  { operator: 'atLeast', text: 'at least', holds: ordered((value, limit) => value >= limit) },
];

function same(value: Value, limit: Comparable): Within {
  if (typeof limit === 'number') {
    const number = asNumber(value);
    return number === null || !isMeasured(limit) ? null : number === limit;
  }
  return typeof value === typeof limit ? value === limit : null;
}

function ordered(holds: (value: number, limit: number) => boolean): Operator['holds'] {
  return (value, limit) => {
    const number = asNumber(value);
    return number === null || typeof limit !== 'number' || !isMeasured(limit) ? null : holds(number, limit);
  };
}

/** Databases answer large and exact numbers as text; nothing else is turned into a number. */
function asNumber(value: Value): number | null {
  const number = typeof value === 'string' ? parseSample(value) : value;
  return typeof number === 'number' && isMeasured(number) ? number : null;
}

function not(answer: Within): Within {
  return answer === null ? null : !answer;
}
