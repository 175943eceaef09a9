import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/documents/problem.ts';
import { readPlan } from '../../src/plan/read.ts';
import { type Edit, planOf, planText } from './sound-plan.ts';

const problemsOf = (text: string) => {
  const read = readPlan({ file: 'plan.yaml', text });
  return read.ok ? [] : read.problems;
};

/** The text of the file from where a problem points to the end of the line. */
const shownAt = (text: string, { line, column }: { line: number; column: number }) =>
  (text.split('\n')[line - 1] ?? '').slice(column - 1);

interface Wrong extends Edit {
  readonly name: string;
  readonly says: string;
  readonly points: RegExp;
}

const WRONG: readonly Wrong[] = [
  {
    name: 'an unknown field with a near one',
    set: { criticalty: 'C2' },
    says: 'expected no field `criticalty` here; did you mean `criticality`?',
    points: /^C2/,
  },
  {
    name: 'an unknown field of a step',
    set: { 'steps.0.timout': '1 min' },
    says: 'expected no field `timout` here; did you mean `timeout`?',
    points: /^1 min/,
  },
  {
    name: 'an unknown field of a check in a rollback step',
    set: { 'rollback.steps.0.after.0.posgres': {} },
    says: 'expected no field `posgres` here; did you mean `postgres`?',
    points: /^\{\}/,
  },
  {
    name: 'an unknown field with none near',
    set: { colour: 'blue' },
    says: 'expected no field `colour` here',
    points: /^blue/,
  },
  {
    name: 'a wrong unit',
    set: { 'steps.0.timeout': '10 minutes' },
    says: 'expected a duration with its unit (ms, s, min, h or d), such as `30 s`, `5 min` or `2 h`, got `10 minutes`',
    points: /^10 minutes/,
  },
  {
    name: 'a number without a unit',
    set: { downtime: 5 },
    says: 'expected a duration with its unit (ms, s, min, h or d), such as `30 s`, `5 min` or `2 h`, got `5`',
    points: /^5$/,
  },
  {
    name: 'a duration that is none',
    set: { 'estimate.steps': 'a while' },
    says: 'expected a duration with its unit (ms, s, min, h or d), such as `30 s`, `5 min` or `2 h`, got `a while`',
    points: /^a while/,
  },
  {
    name: 'a missing section',
    remove: ['rollback'],
    says: 'expected a mapping as `rollback`, which is missing',
    points: /^interlock:/,
  },
  {
    name: 'a missing duration',
    remove: ['downtime'],
    says: 'expected a duration with its unit (ms, s, min, h or d), such as `30 s`, `5 min` or `2 h` as `downtime`, which is missing',
    points: /^interlock:/,
  },
  {
    name: 'no steps',
    set: { steps: [] },
    says: 'expected a list with a length of at least 1, got `a list of 0`',
    points: /^\[\]/,
  },
  {
    name: 'two steps of one name',
    set: { 'steps.1.name': 'set work_mem on the replica' },
    says: 'expected a name of its own, got `set work_mem on the replica` a second time',
    points: /^set work_mem on the replica/,
  },
  {
    name: 'a step with two actions',
    set: { 'steps.0.wait': '1 min' },
    says: 'expected exactly one of `command`, `script`, `shell`, `manual`, `wait`, `approval`, got `command`, `wait`',
    points: /^name: set work_mem on the replica/,
  },
  {
    name: 'a sign that is none of the watched metrics',
    set: { 'rollback.triggers': [{ say: 'It fails.', watch: 'errors' }] },
    says: 'expected the name of a watched metric of this plan, got `errors`; there are `error ratio of the shop`',
    points: /^errors/,
  },
  {
    name: 'an undo that names no rollback step',
    set: { 'steps.0.undo': { step: 'go back' } },
    says: 'expected the name of a rollback step of this plan, got `go back`; there are `set work_mem back on the replica`, `set work_mem back on the primary`',
    points: /^go back/,
  },
  {
    name: 'an undo of neither form',
    set: { 'steps.0.undo': { nothin: 'x' } },
    says: 'expected either `step` with a rollback step or `nothing` with the reason, got `nothin`',
    points: /^nothin/,
  },
  {
    name: 'an assumption that names no pre-flight check',
    set: { 'assumptions.0.check': 'work_mem is 5 MB' },
    says: 'expected the name of a pre-flight check of this plan, got `work_mem is 5 MB`; there are `work_mem is 4 MB`',
    points: /^work_mem is 5 MB/,
  },
  {
    name: 'a check that names no target',
    set: { 'postchecks.0.targets': ['db-01', 'db-02', 'db-03'] },
    says: 'expected the name of a target of this plan, got `db-03`; there are `db-01`, `db-02`',
    points: /^db-03/,
  },
  {
    name: 'a point of no return after no step',
    set: { 'rollback.pointOfNoReturn': { after: 'the end', reason: 'x' } },
    says: 'expected the name of a step of this plan, got `the end`; there are `set work_mem on the replica`, `let the replica work with it`, `set work_mem on the primary`',
    points: /^the end/,
  },
  {
    name: 'a criticality that is none',
    set: { criticality: 'C5' },
    says: 'expected one of `C1`, `C2`, `C3`, `C4`, got `C5`',
    points: /^C5/,
  },
  {
    name: 'an account that is no name',
    set: { executor: 'Ben Executor' },
    says: "expected a person's account name, such as `ana`, got `Ben Executor`",
    points: /^Ben Executor/,
  },
  {
    name: 'a list where a text belongs',
    set: { environment: ['illumidesk.com'] },
    says: 'expected a text, got `a list of 1`',
    points: /illumidesk.com/,
  },
  {
    name: 'a day without a time',
    set: { 'slot.start': '2026-11-17' },
    says: 'expected an instant with its offset such as `2026-11-17T22:00:00Z`, got `2026-11-17`',
    points: /^'2026-11-17'/,
  },
  {
    name: 'a slot that ends before it starts',
    set: { 'slot.end': '2026-11-17T21:00:00Z' },
    says: 'expected `end` to be after `start`, got one that is not',
    points: /^'2026-11-17T21/,
  },
  {
    name: 'half a character',
    set: { impact: 'x\ud800y' },
    says: 'expected text of whole characters, got half of one',
    points: /^"x/,
  },
];

describe('what a person got wrong is a problem with its place', () => {
  test.each(WRONG)('$name', (wrong) => {
    const text = planText(wrong);
    const problems = problemsOf(text);
    expect(problems.map(({ message }) => message)).toEqual([wrong.says]);
    for (const problem of problems) {
      expect(shownAt(text, problem)).toMatch(wrong.points);
      expect(formatProblem(problem)).toMatch(/^plan\.yaml:\d+:\d+: expected /);
    }
  });

  test('every problem of a plan is told, not only the first', () => {
    const problems = problemsOf(planText({ set: { criticality: 'C5', downtime: 'soon', colour: 'blue' } }));
    expect(problems.map(({ message }) => message.split(',')[0])).toEqual([
      'expected one of `C1`',
      'expected a duration with its unit (ms',
      'expected no field `colour` here',
    ]);
  });

  test.each([
    ['no document', ''],
    ['a list', '- 1\n- 2\n'],
    ['a scalar', 'plan'],
    ['broken YAML', 'title: [a\nsteps: }'],
    ['a key twice', 'title: a\ntitle: b\n'],
    ['a prototype', '__proto__: { title: a }\n'],
    ['two documents', `${planText()}---\n${planText()}`],
    [
      'an alias that multiplies',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    ],
    ['a number beyond all', 'title: 1e999\n'],
  ])('%s is told with a place, and never thrown', (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(formatProblem(problem)).toMatch(/^plan\.yaml:\d+:\d+: expected /);
  });
});

test('places are those of the file, also of what defaults filled in', () => {
  const text = planText();
  const { placeOf } = planOf(text);
  expect(shownAt(text, placeOf(['steps', 2, 'script', 'path']))).toBe('set-work-mem.sh');
  expect(shownAt(text, placeOf(['steps', 0, 'command', 2]))).toMatch(/^db-02/);
  expect(shownAt(text, placeOf(['postchecks', 1, 'prometheus', 'count']))).toMatch(/^query: /);
});

test('a plan in JSON is read as well', () => {
  const { plan } = planOf(planText());
  const read = readPlan({ file: 'plan.json', text: JSON.stringify({ interlock: 'plan/1', title: 3 }) });
  expect(plan.slot?.start).toBe(Date.parse('2026-11-17T22:00:00Z'));
  expect(read.ok).toBe(false);
});
