import { describe, expect, test } from 'vitest';
import { readQuery } from '../../src/plan/promql.ts';
import { readPlan } from '../../src/plan/read.ts';
import { patternsOfCommand, patternsOfShell } from '../../src/plan/shell/patterns.ts';
import { findingsOf, planText } from './sound-plan.ts';

// TRUST.md section 5, attack 44, and its kin: texts made to cost a reader more than a glance. One that gets through keeps this
// file from ending. What cannot be read in time is a find, never a pass.
const context = { targets: new Set(['db-01']) };
const LONG = 60_000;
const filled = (text: string) => text.repeat(Math.floor(LONG / text.length));
const kindsIn = (argv: readonly string[]) =>
  new Set(patternsOfCommand(argv, context).map(({ kind }) => kind));

describe('code in code', () => {
  test.each(['ssh', 'sh', 'eval', 'watch', 'su'])(
    '`%s` over and over is read as far as is sensible',
    (program) => {
      kindsIn(Array(600).fill(program));
      patternsOfShell(`${program} `.repeat(600), context);
    },
  );

  test('what holds itself at every depth is not clean', () => {
    expect(kindsIn(Array(60).fill('ssh'))).toContain('unreadable');
  });

  test('a wildcard at the end of it is still not passed', () => {
    expect(kindsIn([...Array(60).fill('ssh'), 'rm *'])).toContain('wildcard');
  });

  test('more words than anybody reads are not clean', () => {
    expect(patternsOfShell('ssh '.repeat(30_000), context)).toMatchObject([{ kind: 'unreadable' }]);
  });
});

describe('a shell text', () => {
  test.each(['$(', '${a:-', '{a,', '(', '$(('])('that opens with `%s` over and over is not clean', (text) => {
    expect(patternsOfShell(filled(text), context).map(({ kind }) => kind)).toContain('unreadable');
  });

  test.each(['`', '<<A\n', '"', "'", '[['])('of `%s` alone is read', (text) => {
    patternsOfShell(filled(text), context);
  });

  test('of nothing but wildcards is found', () => {
    expect(patternsOfShell(filled(' ~/a'), context).length).toBeGreaterThan(1_000);
    expect(kindsIn(['sh', '-c', filled(' ~')])).toContain('wildcard');
    expect(kindsIn(Array(10_000).fill('~'))).toEqual(new Set(['wildcard', 'unreadable']));
  });
});

test.each([
  ['minus signs', `${'-'.repeat(3_900)}up`],
  ['brackets', `${'('.repeat(1_900)}up${')'.repeat(1_900)}`],
  ['sums', `1${'+1'.repeat(1_900)}`],
  ['open brackets', 'sum('.repeat(900)],
])('a query of %s is refused and not followed', (_, query) => {
  expect(readQuery(query).invalid?.message).toMatch(/^expected at most 200 expressions inside each other/);
});

test('a query longer than people read is none', () => {
  const read = readPlan({
    file: 'plan.yaml',
    text: planText({ set: { 'watch.0.prometheus.query': `up${' '.repeat(4_000)}` } }),
  });
  expect(read).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('4000') }] });
});

describe('a sentence', () => {
  test.each([
    'eyJ-',
    'eyJaaaaaaaa-',
    'Bearer ',
    'password ',
    'password=',
    '://a:',
    '{{',
    '[add',
    '<a',
    '!',
    '"',
    '...',
    '2026-11-',
    '17 November ',
    '-----BEGIN A ',
    ' ',
    '\t',
    'step 1 ',
    'a@',
  ])('of `%s` alone is read', (text) => {
    findingsOf(planText({ set: { reason: `a${filled(text)}` } }));
  });

  test('still does not hide a token', () => {
    const token = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`;
    const found = findingsOf(planText({ set: { reason: `See ${filled('eyJ-')} and ${token}.` } }));
    expect(found.map(({ rule }) => rule)).toContain('secret');
  });
});
