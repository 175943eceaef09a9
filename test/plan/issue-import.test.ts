import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importIssue } from '../../src/plan/issue/import.ts';
import { findingsOf, planOf, sha256 } from './sound-plan.ts';

const sample = (name: string) =>
  readFileSync(new URL(`../fixtures/issues/${name}.md`, import.meta.url), 'utf8');
const imported = (issue: string, title?: string) => {
  const made = importIssue(issue, { title, read: () => null, hash: sha256 });
  if (made.from !== 'template') throw new Error(JSON.stringify(made));
  return { ...made, plan: planOf(made.text).plan };
};

describe('the single template', () => {
  const { plan, text, unread } = imported(sample('single-2021'), 'Switchover of patroni-main');

  test('what it says is in the draft', () => {
    expect(plan).toMatchObject({
      title: 'Switchover of patroni-main',
      criticality: 'C1',
      services: ['Patroni', 'Postgres'],
      team: ['ben'],
      executor: 'ben',
      reviewers: ['rhea'],
      estimate: { steps: 25 * 60_000, rollback: 5 * 60_000 },
      steps: [
        {
          command: [
            'gitlab-patronictl',
            'switchover',
            '--master',
            'patroni-01',
            '--candidate',
            'patroni-02',
            '--force',
            'pg-ha-cluster',
          ],
          estimate: 300_000,
        },
      ],
      watch: [{ graph: 'https://dashboards.example.com/d/patroni-main' }],
    });
    expect(plan.rollback.steps[0]?.command?.slice(0, 4)).toEqual([
      'gitlab-patronictl',
      'switchover',
      '--master',
      'patroni-02',
    ]);
    expect(plan.preflight.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^On any node: /),
      '{+Pre-Change Step 3+}',
    ]);
    expect(plan.postchecks).toHaveLength(2);
  });

  test('what it does not say is a placeholder that lint refuses', () => {
    const found = findingsOf(text).filter(({ rule }) => rule === 'placeholder');
    const messages = found.map(({ message }) => message).join('\n');
    for (const what of ['severity is not said', 'environment', 'why it has to be done', '{+']) {
      expect(messages).toContain(what);
    }
    for (const choice of ['severity', 'kind', 'downtime', 'type of each target'])
      expect(plan.description).toContain(`<${choice} `);
    expect(plan).toMatchObject({ severity: 'S1', kind: 'maintenance', downtime: 86_400_000 });
  });

  test('everything else is listed by its line', () => {
    const lines = new Map(unread.map(({ line, text: said }) => [line, said]));
    expect(lines.get(17)).toBe('2 minutes of errors for writes');
    expect(lines.get(26)).toContain('lag 0');
    expect(lines.get(56)).toContain('no traffic on patroni-02');
    expect(lines.get(75)).toBe('/due 2021-05-08');
    expect([...lines.keys()].filter((line) => line >= 68 && line <= 72)).toHaveLength(5);
  });
});

describe('the table template', () => {
  const { plan, unread } = imported(sample('table-2020'));

  test('what it says is in the draft, each step with its conditions', () => {
    expect(plan).toMatchObject({
      criticality: 'C2',
      services: ['Postgres'],
      team: ['ana', 'ben'],
      executor: 'fill-me',
      reviewers: ['rhea'],
      testedBefore: 'tested in staging on 2020-03-09',
      estimate: { steps: 45 * 60_000, rollback: 86_400_000 },
    });
    const [first, second] = plan.steps;
    expect(first).toMatchObject({
      name: 'First replica',
      before: [{ postgres: { query: 'SELECT pg_is_in_recovery()' }, expect: { equals: 't' } }, {}],
      command: ['sudo', 'gitlab-patronictl', 'reload', 'pg-ha-cluster', 'patroni-03-db-gprd'],
      after: [{ expect: { equals: '5ms' } }, {}],
    });
    expect(second?.manual?.instructions).toMatch(/^Same commands as in step 1/);
  });

  test('a length without a unit, a date, a tick are listed', () => {
    const said = unread.map(({ line, text }) => `${line} ${text}`);
    expect(said).toContain('12 rollback 10');
    expect(said).toContain('11 2020-03-12 22:30 UTC (23:30 CET)');
    expect(said).toContain('18 on patroni-03-db-gprd');
    expect(said.some((one) => one.startsWith('36 '))).toBe(true);
  });
});

test('no line is lost, wherever people write: it is in the draft or in the list', () => {
  const line = fc
    .string({
      unit: fc.constantFrom(
        'a',
        'b',
        ' ',
        '`',
        '*',
        '|',
        '-',
        '#',
        '/',
        '[',
        ']',
        'x',
        '~',
        ':',
        '>',
        '!',
        '1',
        '.',
      ),
      minLength: 3,
      maxLength: 40,
    })
    .map((text) => `${text.trim()} zz`)
    .filter((text) => !/^\s*(```|~~~|<!--)/.test(text));
  const places = fc.record({
    name: fc.constantFrom('single-2021', 'table-2020'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    line,
  });
  fc.assert(
    fc.property(places, ({ name, at, line: own }) => {
      const lines = sample(name).split('\n');
      const here = Math.floor(at * lines.length);
      lines.splice(here, 0, own);
      const made = imported(lines.join('\n'));
      const kept = JSON.stringify(made.plan).match(/zz/g)?.length ?? 0;
      expect(
        kept > 0 || made.unread.some(({ text }) => text.includes('zz')),
        `line ${here + 1}: ${own}`,
      ).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('two criticalities: the higher one stands, and it is said', () => {
  const { plan, unread } = imported(sample('single-2021').replace('/label ~C1', '/label ~C3\n/label ~C2'));
  expect(plan.criticality).toBe('C2');
  expect(unread.some(({ because }) => because.startsWith('it was C3 before'))).toBe(true);
});

test.each(['', 'Just some words.', '# A heading\n- and a list'])('%j is no change issue', (issue) => {
  expect(importIssue(issue, { read: () => null, hash: sha256 })).toMatchObject({ from: 'neither' });
});
