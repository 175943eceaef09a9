import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { readPlan } from '../../src/plan/read.ts';
import { stagesOf } from '../../src/plan/stages.ts';
import { digestPlan } from '../../src/plan/digest.ts';
import { type Edit, findingsOf, planOf, planText, sha256 } from './sound-plan.ts';

const CHECKED = { name: 'it answers', tcp: { host: '{target}', port: 5432 } };

const touch = (more: Record<string, unknown> = {}) => ({
  name: 'touch {target}',
  command: ['pg-touch', '--host', '{target}'],
  before: [CHECKED],
  after: [CHECKED],
  estimate: '1 min',
  timeout: '2 min',
  undo: { step: 'leave {target} alone' },
  ...more,
});
const { undo: _undo, ...undoing } = touch({ name: 'leave {target} alone' });

const HOSTS = ['web-01', 'web-02', 'web-03', 'web-04', 'web-05'];

function rollout(block: Record<string, unknown>, names: readonly string[] = HOSTS): Edit {
  return {
    set: {
      targets: names.map((name, i) => ({ name, type: i === 0 ? 'canary' : 'host' })),
      preflight: [{ name: 'work_mem is 4 MB', tcp: { host: 'db', port: 1 } }],
      steps: [{ forEach: 'targets', steps: [touch()], ...block }],
      postchecks: [
        { forEach: 'targets', checks: [{ ...CHECKED, name: '{target} answers', targets: ['{target}'] }] },
      ],
      'rollback.steps': [{ forEach: 'targets', steps: [undoing] }],
      estimate: { steps: '60 min', rollback: '60 min' },
      'slot.end': '2026-11-18T02:00:00Z',
    },
  };
}

const writtenOut = (template: object, name: string): unknown =>
  JSON.parse(JSON.stringify(template).replaceAll('{target}', name));
const BETWEEN = { wait: '5 min', checks: [{ name: 'errors are few', tcp: { host: 'shop', port: 443 } }] };
const stepsOf = (edit: Edit) => planOf(planText(edit)).plan.steps.map(({ name }) => name);
const problemsOf = (edit: Edit) => {
  const read = readPlan({ file: 'plan.yaml', text: planText(edit) });
  return read.ok ? [] : read.problems.map(({ message }) => message);
};

describe('what is written for targets', () => {
  test('is laid out into a step for each, in the order of the list, and is clean', () => {
    const edit = rollout({ stages: [1, 2, 'rest'], between: BETWEEN });
    const { plan } = planOf(planText(edit));
    expect(plan.steps.map(({ name }) => name)).toEqual([
      'touch web-01',
      'look after stage 1 of 3, 1 of 5 targets',
      'touch web-02',
      'touch web-03',
      'look after stage 2 of 3, 3 of 5 targets',
      'touch web-04',
      'touch web-05',
    ]);
    expect(plan.steps[0]).toMatchObject({
      command: ['pg-touch', '--host', 'web-01'],
      after: [{ tcp: { host: 'web-01' } }],
      undo: { step: 'leave web-01 alone' },
    });
    expect(plan.steps[1]).toMatchObject({
      wait: 300_000,
      after: [{ name: 'errors are few' }],
      safeStop: true,
    });
    expect(plan.postchecks.map(({ targets }) => targets)).toEqual(HOSTS.map((name) => [name]));
    expect(plan.rollback.steps.map(({ name }) => name)).toEqual(HOSTS.map((name) => `leave ${name} alone`));
    expect(findingsOf(planText(edit)).filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('says of each step for which target it is, and in which stage', () => {
    const text = planText(rollout({ stages: [1, 2, 'rest'], between: BETWEEN }));
    const read = readPlan({ file: 'plan.yaml', text });
    if (!read.ok) throw new Error('expected a plan');
    const places = read.plan.steps.map((_, index) => read.targetOf(['steps', index]));
    const rest = { stages: 3 };
    expect(places.slice(0, 4)).toEqual([
      { target: 'web-01', stage: 1, ...rest },
      null,
      { target: 'web-02', stage: 2, ...rest },
      { target: 'web-03', stage: 2, ...rest },
    ]);
    expect(read.targetOf(['postchecks', 4])?.target).toBe('web-05');
    expect(read.targetOf(['preflight', 0])).toBeNull();
  });

  test('several steps for one target come before the first for the next', () => {
    const steps = [touch(), touch({ name: 'look at {target}' })];
    expect(stepsOf(rollout({ steps })).slice(0, 3)).toEqual([
      'touch web-01',
      'look at web-01',
      'touch web-02',
    ]);
  });

  test('may be for some of them, by name or by type', () => {
    expect(stepsOf(rollout({ forEach: ['web-03', 'web-02'] }))).toEqual(['touch web-02', 'touch web-03']);
    expect(stepsOf(rollout({ forEach: { type: 'canary' } }))).toEqual(['touch web-01']);
  });

  test('means the same as the steps themselves: the digest is theirs', () => {
    const short = planText(rollout({}, ['web-01', 'web-02']));
    const { plan } = planOf(short);
    const written = rollout({}, ['web-01', 'web-02']);
    const long = planText({
      set: {
        ...written.set,
        steps: ['web-01', 'web-02'].map((name) => writtenOut(touch(), name)),
        'rollback.steps': ['web-01', 'web-02'].map((name) => writtenOut(undoing, name)),
      },
    });
    expect(digestPlan(plan, sha256)).toEqual(digestPlan(planOf(long).plan, sha256));
  });

  test('another list of targets is another plan', () => {
    const [one, other] = [HOSTS, HOSTS.slice(1)].map((names) =>
      digestPlan(planOf(planText(rollout({}, names))).plan, sha256),
    );
    expect(one?.parts.steps).not.toBe(other?.parts.steps);
  });
});

describe('a value is an argument or is none', () => {
  test.each<readonly [string, Record<string, unknown>, string]>([
    [
      'a shell line',
      { command: undefined, shell: 'pg-touch {target}' },
      'expected no placeholder in what is executed',
    ],
    [
      'a part of an argument',
      { command: ['pg-touch', '--host={target}'] },
      'expected `{target}` as an argument of its own',
    ],
    ['the program', { command: ['{target}'] }, 'expected no placeholder in what is executed'],
    [
      'code of an interpreter',
      { command: ['/bin/sh', '-c', '{target}'] },
      'expected no placeholder in the text of a program',
    ],
    [
      'a path',
      { command: undefined, script: { path: '{target}', sha256: 'a'.repeat(64) } },
      'expected no placeholder in what is executed',
    ],
    ['no name of its own', { name: 'touch' }, 'expected `{target}` in the name'],
  ])('not %s', (_, more, message) => {
    const step = Object.fromEntries(Object.entries(touch(more)).filter(([, value]) => value !== undefined));
    expect(problemsOf(rollout({ steps: [step] }))).toEqual([expect.stringContaining(message)]);
  });

  test('a shell line gets it as a variable, a script as an argument', () => {
    const { command: _command, ...rest } = touch();
    const shell = { ...rest, shell: 'pg-touch "$HOST"', env: { HOST: '{target}' } };
    const script = {
      ...rest,
      name: 'run on {target}',
      script: { path: 'x.sh', sha256: 'a'.repeat(64), arguments: ['{target}'] },
    };
    const { plan } = planOf(planText(rollout({ steps: [shell, script] })));
    expect(plan.steps[0]).toMatchObject({ shell: 'pg-touch "$HOST"', env: { HOST: 'web-01' } });
    expect(plan.steps[1]?.script?.arguments).toEqual(['web-01']);
  });

  test.each<readonly [string, Edit, string]>([
    [
      'a target that is none',
      rollout({ forEach: ['web-09'] }),
      'expected a target of this plan, got `web-09`',
    ],
    [
      'a type that none has',
      rollout({ forEach: { type: 'fridge' } }),
      'expected at least one target, got none',
    ],
    ['a name that is not plain', rollout({}, ['a b"c']), 'expected targets with plain names, got `a b"c`'],
    ['a size that is none', rollout({ stages: ['some'] }), 'expected a share such as `25%`, got `some`'],
    ['checks that are none', rollout({ between: { checks: [] } }), 'at least 1'],
    [
      'stages of a rollback',
      {
        set: {
          ...rollout({}).set,
          'rollback.steps': [{ forEach: 'targets', stages: [1], steps: [undoing] }],
        },
      },
      'expected no field `stages` here',
    ],
  ])('refuses %s', (_, edit, message) => {
    expect(problemsOf(edit)).toEqual([expect.stringContaining(message)]);
  });

  test('a mistake stands where it was written, and is said once', () => {
    const text = planText(rollout({ steps: [touch({ after: [] })] }));
    const { placeOf } = planOf(text);
    const found = findingsOf(text).filter(({ rule }) => rule === 'step-without-check');
    expect(found.map(({ message, line }) => [message, line])).toEqual([
      [
        'expected a check in `after`, got none in step `touch web-01`, and 4 times more',
        placeOf(['steps', 0]).line,
      ],
    ]);
  });
});

describe('stages', () => {
  test.each([
    [42, [3, '15%', '50%', 'rest'], [3, 6, 21, 12]],
    [5, [1, 2], [1, 2, 2]],
    [3, ['1%'], [1, 1, 1]],
    [4, [10], [4]],
    [0, [1], []],
  ] as const)('%i targets in %j', (count, sizes, stages) => {
    expect(stagesOf(count, sizes)).toEqual(stages);
  });

  test('every target has its turn once, whatever the sizes', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('1%' as const, '33%' as const, 'rest' as const),
    );
    fc.assert(
      fc.property(fc.nat(300), fc.array(size, { minLength: 1, maxLength: 5 }), (count, sizes) => {
        const stages = stagesOf(count, sizes);
        expect(stages.reduce((sum, stage) => sum + stage, 0)).toBe(count);
        expect(stages.every((stage) => stage > 0)).toBe(true);
      }),
    );
  });
});

test('a thousand targets are laid out, linted and digested', () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `web-${String(i + 1).padStart(4, '0')}`);
  const edit = rollout({ stages: [1, '10%'], between: BETWEEN }, names);
  const text = planText({
    set: { ...edit.set, estimate: { steps: '20 h', rollback: '20 h' }, 'slot.end': '2026-11-20T22:00:00Z' },
  });
  const { plan } = planOf(text);
  expect(plan.steps).toHaveLength(1_000 + 10);
  expect(plan.steps.at(-1)?.name).toBe('touch web-1000');
  expect(findingsOf(text).filter(({ level }) => level === 'error')).toEqual([]);
  const more = rollout({}, [...names, 'web-1001']);
  expect(problemsOf(more)).toEqual(['expected at most 1000 of them, got 1001']);
});
