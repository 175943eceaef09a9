import type { WatchedView } from '../../../src/contract/acts.ts';

type Range = NonNullable<WatchedView['watched'][number]['expect']>;

const WORDS: Readonly<Record<keyof Range, string>> = {
  equals: 'it is',
  notEquals: 'it is not',
  below: 'below',
  atMost: 'at most',
  above: 'above',
  atLeast: 'at least',
};

/** A range in words: `below 0.01 and above 0`. */
export function rangeText(range: Range): string {
  return (Object.keys(WORDS) as (keyof Range)[])
    .flatMap((word) => (range[word] === undefined ? [] : [`${WORDS[word]} ${String(range[word])}`]))
    .join(' and ');
}
