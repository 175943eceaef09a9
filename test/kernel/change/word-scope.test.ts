import { describe, expect, it } from 'vitest';
import { PARTS, type Part } from '../../../src/kernel/change/part.ts';
import { partsOfWord, touchedParts, type Word } from '../../../src/kernel/change/word-scope.ts';
import { APPROVER_ROLES } from '../../../src/kernel/policy/facts.ts';
import { RULES } from '../../../src/kernel/policy/rule.ts';

/**
 * Which words an edit of a part voids, written down once more by hand: the capacities of plan reviews, then the exceptions.
 * Words for a start, an emergency or a lock are voided by every part.
 */
const VOIDED: Readonly<Record<Part, string>> = {
  classification: 'all',
  purpose: 'reviewer director eoc management imoc vpe criticality-floor allowed-hours',
  people: 'director eoc management imoc vpe criticality-floor allowed-hours in-multiplexer',
  estimate: 'reviewer director eoc management imoc vpe criticality-floor allowed-hours in-slot',
  targets:
    'reviewer director eoc management imoc vpe criticality-floor preflight-present postcheck-present checks-quantified no-globs',
  assumptions: 'reviewer director eoc imoc vpe preflight-present',
  checks: 'reviewer director eoc imoc vpe preflight-present postcheck-present checks-quantified',
  steps:
    'reviewer director eoc imoc vpe criticality-floor preflight-present postcheck-present no-globs in-multiplexer',
  rollback: 'reviewer director eoc management imoc vpe criticality-floor no-globs',
  watch: 'reviewer director eoc imoc vpe',
  communication: 'management imoc vpe',
  exceptions: 'all',
  slot: 'eoc imoc vpe allowed-hours in-slot',
  'dry-run': 'reviewer director eoc imoc vpe no-globs',
};

const EXCEPTED = [
  'criticality-floor',
  'preflight-present',
  'postcheck-present',
  'checks-quantified',
  'no-globs',
  'allowed-hours',
  'in-slot',
  'in-multiplexer',
] as const;

const WORDS: readonly (readonly [name: string, word: Word])[] = [
  ...APPROVER_ROLES.map((as) => [as, { as, for: 'plan' }] as const),
  ...EXCEPTED.map((rule) => [rule, { rule }] as const),
];

describe('a change of', () => {
  it.each(PARTS)('%s', (part) => {
    const expected = VOIDED[part] === 'all' ? WORDS.map(([name]) => name) : VOIDED[part].split(' ');
    const voided = WORDS.filter(([, word]) => touchedParts(word, [part]).length > 0).map(([name]) => name);
    expect(new Set(voided)).toEqual(new Set(expected));
  });
});

describe('a word that lets something begin, or waives', () => {
  const words: readonly Word[] = [
    ...APPROVER_ROLES.flatMap((as) =>
      ['start', 'emergency', 'lock:release-day'].map((subject) => ({ as, for: subject })),
    ),
    ...RULES.filter((rule) => !(EXCEPTED as readonly string[]).includes(rule)).map((rule) => ({ rule })),
  ];
  it.each(words)('$as $for $rule looks at everything', (word) => {
    expect(new Set(partsOfWord(word))).toEqual(new Set(PARTS));
  });
});

it('is not touched where nothing changed', () => {
  for (const [, word] of WORDS) expect(touchedParts(word, [])).toEqual([]);
});
