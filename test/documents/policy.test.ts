import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/cli/policy-source.ts';
import { SCHEMAS, schemaText } from '../../src/contract/json-schema.ts';
import { policyFileDifferences } from '../../src/documents/policy-difference.ts';
import { readPolicy } from '../../src/documents/policy.ts';
import { formatProblem } from '../../src/documents/problem.ts';
import { illumideskText, policyFrom } from '../kit/policy.ts';

function problems(text: string): string[] {
  const read = readPolicy({ file: 'p.yaml', text }, sha256);
  return read.ok ? [] : read.problems.map(formatProblem);
}

/** The shipped policy with one text for another; the place of a problem is that of the change. */
function changed(from: string, to: string): { text: string; line: number } {
  expect(illumideskText.split(from).length, `\`${from}\` once in the policy`).toBe(2);
  return {
    text: illumideskText.replace(from, to),
    line: illumideskText.slice(0, illumideskText.indexOf(from)).split('\n').length,
  };
}

describe('a policy file', () => {
  test.each([
    ['an unknown key', 'downtime: C1', 'downtme: C1', 'expected no field `downtme` here'],
    [
      'an unknown rule',
      '  allowed-hours: { exception: true }',
      '  allowed-hour: { exception: true }',
      'expected no field `allowed-hour` here',
    ],
    [
      'an unknown rule in a list',
      'asks: [eoc-coordination]',
      'asks: [eoc-cordination]',
      'expected one of `management-approval`',
    ],
    [
      'a rule that no criticality can ask for',
      'asks: [eoc-coordination]',
      'asks: [no-globs]',
      'expected one of `management-approval`',
    ],
    [
      'a quorum of zero',
      'S1: { reviewers: 3, severe: true }',
      'S1: { reviewers: 0, severe: true }',
      'expected a number of at least 1, got `0`',
    ],
    [
      'a key misspelt',
      'asks: [eoc-coordination]',
      'asks: [eoc-coordination]\n    hourz: 1',
      'expected no field `hourz` here',
    ],
    [
      'a month that is none',
      'rule: FREQ=MONTHLY;BYMONTHDAY=22',
      'rule: FREQ=MONTHLY;BYMONTHDAY=32',
      'expected a value of RFC 5545 for `BYMONTHDAY`, got `32`',
    ],
    [
      'a recurrence that never happens',
      'rule: FREQ=MONTHLY;BYMONTHDAY=22',
      'rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      'expected a recurrence that happens',
    ],
    [
      'a recurrence that has ended',
      'rule: FREQ=MONTHLY;BYMONTHDAY=22',
      'rule: FREQ=MONTHLY;UNTIL=19690101T000000Z',
      'expected a recurrence that happens',
    ],
    [
      'a part that is none',
      'rule: FREQ=MONTHLY;BYMONTHDAY=22',
      'rule: FREQ=MONTHLY;BYMONTDAY=22',
      'expected parts among',
    ],
    [
      'a recurrence by hours',
      'rule: FREQ=MONTHLY;BYMONTHDAY=22',
      'rule: FREQ=HOURLY',
      'expected a value of RFC 5545 for `FREQ`, got `HOURLY`',
    ],
    [
      'a release day without its lock',
      'releaseDay: release-day',
      'releaseDay: release-days',
      'expected the id of a lock of this policy, got `release-days`',
    ],
    [
      'an id twice',
      'id: christmas-2019',
      'id: christmas-eve-2019',
      'expected an id of its own, got `christmas-eve-2019` a second time',
    ],
    [
      'a last day before the first',
      'last: 2020-03-28',
      'last: 2020-03-20',
      'expected `last` not to be before `first`',
    ],
    [
      'a day that does not exist',
      'last: 2020-03-28',
      'last: 2020-02-30',
      'expected a day such as `2026-12-24`, got `2020-02-30`',
    ],
    [
      'neither days nor a recurrence',
      '    first: 2020-03-21\n    last: 2020-03-28\n',
      '',
      'expected either `first` and `last`, or `recurs`',
    ],
    ['a duration without its unit', 'dryRunAge: 7 d', 'dryRunAge: 7', 'expected a duration with its unit'],
    [
      'a level that is none',
      'planner-not-executor: { level: warn }',
      'planner-not-executor: { level: warning }',
      'expected one of `deny`, `warn`, `off`, got `warning`',
    ],
    [
      'a role that is none',
      'director-approval: [director]',
      'director-approval: [boss]',
      'expected a role, or a list of roles that are needed together',
    ],
    [
      'no way to approve',
      'director-approval: [director]',
      'director-approval: []',
      'expected a list with a length of at least 1',
    ],
    [
      'an environment switched off',
      'criticality-floor: { exception: true }',
      'environment-known: { level: warn }',
      'expected `deny`',
    ],
    [
      'a format of another version',
      'interlock: policy/1',
      'interlock: policy/2',
      'expected `policy/1`, got `policy/2`',
    ],
  ])('with %s is refused where it stands', (_, from, to, message) => {
    const { text, line } = changed(from, to);
    const [first] = problems(text);
    expect(first).toMatch(/^p\.yaml:\d+:\d+: expected/);
    const at = Number(first?.split(':')[1]);
    expect(Math.abs(at - line)).toBeLessThanOrEqual(4);
    expect(first).toContain(message);
  });

  test.each([
    ["'22:00-06:00', '05:00-07:00'", true],
    ["'22:00-06:00', '23:00-23:30'", true],
    ["'00:00-24:00', '12:00-13:00'", true],
    ["'22:00-06:00', '06:00-22:00'", false],
    ["'01:00-02:00', '03:00-04:00'", false],
  ])('with the hours [%s] is refused: %s', (hours, refused) => {
    const text = illumideskText.replace("hours: ['22:00-06:00']", `hours: [${hours}]`);
    expect(problems(text).map((problem) => problem.includes('overlap'))).toEqual(refused ? [true] : []);
  });

  test.each([
    "'6:00-07:00'",
    "'06:00'",
    "'06:00-06:00'",
    "'24:00-06:00'",
    "'06:00-25:00'",
    "'22:00 - 06:00'",
    '6',
  ])('with the hours %s is refused', (hours) => {
    expect(problems(illumideskText.replace("hours: ['22:00-06:00']", `hours: [${hours}]`))).toHaveLength(1);
  });

  test.each(readdirSync('policies').filter((name) => name.endsWith('.yaml')))(
    '%s of the repository can be used',
    (name) => {
      expect(problems(readFileSync(`policies/${name}`, 'utf8'))).toEqual([]);
    },
  );

  test('has the digest of its meaning, not of its words', () => {
    const commented = `# one more comment\n${illumideskText.replace('downtime: C1', 'downtime:    "C1"')}`;
    expect(policyFrom(commented).digest).toBe(policyFrom(illumideskText).digest);
    expect(policyFrom(illumideskText.replace('dryRunAge: 7 d', 'dryRunAge: 8 d')).digest).not.toBe(
      policyFrom(illumideskText).digest,
    );
  });

  test('lays recurrences out as RFC 5545 says', () => {
    const { policy } = policyFrom(
      illumideskText
        .replace('rule: FREQ=MONTHLY;BYMONTHDAY=22', 'rule: FREQ=MONTHLY;BYDAY=-1FR;COUNT=2')
        .replace('starting: 1970-01-22', 'starting: 2026-11-01'),
    );
    const starts = policy.locks
      .get('illumidesk.com')
      ?.releaseDays.spans.map(({ start }) => new Date(start).toISOString());
    expect(starts).toEqual(['2026-11-27T09:00:00.000Z', '2026-12-25T09:00:00.000Z']);
  });
});

test.each(Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[])(
  'the published JSON Schema of %s is the one in the code',
  (name) => {
    expect(readFileSync(`policies/${name}.schema.json`, 'utf8')).toBe(schemaText(name));
  },
);

function readOne(text: string) {
  const found = readPolicy({ file: 'p.yaml', text }, sha256);
  if (!found.ok) throw new Error(found.problems.map(formatProblem).join('\n'));
  return found;
}

describe('the difference of two policies', () => {
  test('names whatever part of a policy is otherwise', () => {
    const shipped = readOne(illumideskText);
    const differs = (from: string, to: string) =>
      policyFileDifferences(shipped, readOne(changed(from, to).text)).map(
        ({ whom, before, after }) => `${whom}: ${before} -> ${after}`,
      );
    expect(policyFileDifferences(shipped, readOne(illumideskText))).toEqual([]);
    expect(differs('eocSeenWithin: 5 min', 'eocSeenWithin: 10 min')).toContain(
      'the setting limits.eocSeenWithin: 5 min -> 10 min',
    );
    for (const [from, to, whom] of [
      ['name: IllumiDesk production changes', 'name: Other changes', 'the setting name'],
      ['successfulRuns: 5', 'successfulRuns: 6', 'the setting graduation.successfulRuns'],
      [
        'interlock: policy/1',
        "interlock: policy/1\nmonitoring: { timeout: '1 s' }",
        'the setting monitoring.timeout',
      ],
      ['chat: builtin', 'chat: slack', 'the setting connections.chat'],
      ['S4: { reviewers: 1, severe: false }', 'S4: { reviewers: 2, severe: false }', 'S4, maintenance'],
      ['dns-cdn-config: C3', 'dns-cdn-config: C2', 'topic dns-cdn-config'],
    ] as const)
      expect(differs(from, to).join('\n'), to).toContain(`${whom}: `);
  });
});
