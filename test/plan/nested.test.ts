import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readPlan } from '../../src/plan/read.ts';
import { planOf, planText, sha256 } from './sound-plan.ts';

const hexOf = (text: string) => createHash('sha256').update(text).digest('hex');
const read = (text: string, texts: Record<string, string> = {}) =>
  readPlan({ file: 'plan.yaml', text }, { texts, hash: sha256 });
const messagesOf = (text: string, texts: Record<string, string> = {}) => {
  const plan = read(text, texts);
  return plan.ok ? [] : plan.problems.map(({ message }) => message);
};

const PARAMETERS = {
  host: { type: 'target', say: 'The host.', of: 'host' },
  size: { type: 'number', say: 'Megabytes.', from: 1, to: 64, default: 8 },
  mode: { type: 'choice', say: 'How.', of: ['fast', 'slow'], default: 'fast' },
  rest: { type: 'duration', say: 'How long.', to: '10 min', default: '1 min' },
  note: { type: 'text', say: 'A word.', pattern: '[a-z ]{1,20}', default: 'by hand' },
};

describe('parameters', () => {
  const set = {
    parameters: PARAMETERS,
    with: { host: 'db-02' },
    'steps.0.command': ['pg-set', '--host', '{host}', '--mb', '{size}', '{mode}', '{note}'],
    'steps.1.wait': '{rest}',
    'steps.0.after.0.expect.equals': '{size}',
    'steps.0.name': 'set {size} MB on {host}',
  };

  test('stand for their values, each of its type; what was filled in is the plan', () => {
    const { plan } = planOf(planText({ set }));
    expect(plan.steps[0]).toMatchObject({
      name: 'set 8 MB on db-02',
      command: ['pg-set', '--host', 'db-02', '--mb', 8, 'fast', 'by hand'].map(String),
      after: [{ expect: { equals: 8 } }],
    });
    expect(plan.steps[1]?.wait).toBe(60_000);
    expect(Object.keys(plan)).not.toContain('parameters');
  });

  test.each<readonly [string, Record<string, unknown>, string]>([
    ['none', {}, 'expected a target of type `host` for parameter `host`, got nothing'],
    ['a target that is none', { host: 'db-09' }, 'of this plan for parameter `host`, got `db-09`'],
    ['a number out of its range', { host: 'db-02', size: 65 }, 'expected a whole number from `1` to `64`'],
    ['a text for a number', { host: 'db-02', size: '8' }, 'got `8`'],
    ['a fraction', { host: 'db-02', size: 1.5 }, 'got `1.5`'],
    ['another choice', { host: 'db-02', mode: 'loud' }, 'expected one of `fast`, `slow`'],
    ['a time that is too long', { host: 'db-02', rest: '1 h' }, 'expected a duration to `10 min`'],
    ['what does not match', { host: 'db-02', note: 'a;b' }, 'expected a text like `[a-z ]{1,20}`'],
    ['a name that is none', { host: 'db-02', hots: 'x' }, 'expected a parameter of the plan, got `hots`'],
  ])('refuse %s', (_, values, message) => {
    expect(messagesOf(planText({ set: { ...set, with: values } }))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test.each(['(a+)+', 'a|b', '[a-z]*[a-z]*[a-z]*[a-z]*', 'a{2', '^x$', '\\p{L}'])(
    'have no pattern that could run away: %s',
    (pattern) => {
      const parameters = { note: { type: 'text', say: 'A word.', pattern, default: 'x' } };
      expect(messagesOf(planText({ set: { parameters } }))).toEqual([
        expect.stringContaining('expected a pattern of characters and classes'),
      ]);
    },
  );

  test('become no part of a shell line', () => {
    const texts = { ...set, 'steps.1': { name: 'x', shell: 'echo {note}', estimate: '1 s', timeout: '1 s' } };
    expect(messagesOf(planText({ set: texts }))).toEqual([
      expect.stringContaining('expected no placeholder in what is executed, got `{note}`'),
    ]);
  });

  test('go only plain into queries and addresses', () => {
    const query = { ...set, 'preflight.0.postgres.query': "select 1 where name = '{note}'" };
    expect(messagesOf(planText({ set: query }))).toEqual([
      expect.stringContaining('expected a plain value for `{note}` in a query or an address'),
    ]);
  });
});

const check = (name: string) => ({ name, targets: ['{host}'], tcp: { host: '{host}', port: 5432 } });

/** A plan of one step that is used again, as a file of its own. */
function procedure(more: Record<string, unknown> = {}, then?: unknown): string {
  const step = { command: ['pg-restart', '{host}'], estimate: '1 min', timeout: '2 min' };
  const whole = planText({
    set: {
      topics: [],
      parameters: { host: PARAMETERS.host },
      targets: [{ name: '{host}', type: 'host' }],
      assumptions: [{ text: 'It answers.', check: 'it answers' }],
      preflight: [check('it answers')],
      steps: [
        { ...step, name: 'restart', after: [check('it is back')], undo: { step: 'restart again' } },
        then ?? {
          name: 'tidy',
          script: { path: 'tidy.sh', sha256: 'a'.repeat(64), dryRun: [] },
          estimate: '1 min',
          timeout: '2 min',
          undo: { nothing: 'It only tidies.' },
        },
      ],
      postchecks: [check('it still answers')],
      'rollback.steps': [{ ...step, name: 'restart again', after: [check('it is back')] }],
      watch: [],
      ...more,
    },
  });
  return whole;
}

const within = (path: string, digest: string, host: string) => ({
  name: 'again',
  procedure: { path, sha256: digest, with: { host } },
});

const RESTART = procedure();
const nested = (more: Record<string, unknown> = {}) => ({
  name: 'restart db-02',
  procedure: { path: 'lib/restart.yaml', sha256: hexOf(RESTART), with: { host: 'db-02' }, ...more },
});
const FILES = { 'lib/restart.yaml': RESTART };

describe('a nested procedure', () => {
  test('is its steps, and brings its checks and its way back, under its name', () => {
    const plan = read(planText({ set: { 'steps.1': nested() } }), FILES);
    if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
    const { steps, preflight, postchecks, rollback, assumptions } = plan.plan;
    expect(steps.map(({ name }) => name)).toEqual([
      'set work_mem on the replica',
      'restart db-02: restart',
      'restart db-02: tidy',
      'set work_mem on the primary',
    ]);
    expect(steps[1]).toMatchObject({
      command: ['pg-restart', 'db-02'],
      undo: { step: 'restart db-02: restart again' },
    });
    expect(steps[2]?.script?.path).toBe('lib/tidy.sh');
    expect([preflight.at(-1)?.name, postchecks.at(-1)?.name, rollback.steps.at(-1)?.name]).toEqual([
      'restart db-02: it answers',
      'restart db-02: it still answers',
      'restart db-02: restart again',
    ]);
    expect(assumptions.at(-1)).toMatchObject({ check: 'restart db-02: it answers' });
    expect(plan.procedures).toEqual(['lib/restart.yaml']);
  });

  test('is nested for every target, and within another', () => {
    const inner = nested({ with: { host: '{target}' } });
    const block = { forEach: 'targets', steps: [{ ...inner, name: 'restart {target}' }] };
    const plan = read(planText({ set: { 'steps.1': block } }), FILES);
    expect(plan.ok && plan.plan.steps.map(({ name }) => name)).toContain('restart db-01: restart');
    const outer = procedure({}, within('restart.yaml', hexOf(RESTART), '{host}'));
    const files = { ...FILES, 'lib/outer.yaml': outer };
    const step = {
      name: 'all',
      procedure: { path: 'lib/outer.yaml', sha256: hexOf(outer), with: { host: 'db-01' } },
    };
    const deep = read(planText({ set: { 'steps.1': step } }), files);
    expect(deep.ok && deep.plan.steps.map(({ name }) => name)).toContain('all: again: restart');
  });

  test.each<readonly [string, Record<string, unknown>, Record<string, string>, string]>([
    [
      'that was changed',
      {},
      { 'lib/restart.yaml': `${RESTART}# more\n` },
      'expected the SHA-256 of `lib/restart.yaml`',
    ],
    ['that is not there', {}, {}, 'it is not there or was not given'],
    ['from elsewhere', { path: '../x.yaml' }, FILES, 'leads out of the folder'],
    ['for a target that the plan does not touch', { with: { host: 'db-09' } }, FILES, 'got `db-09`'],
    ['without its values', { with: {} }, FILES, 'for parameter `host`, got nothing'],
  ])('is refused: one %s', (_, more, files, message) => {
    expect(messagesOf(planText({ set: { 'steps.1': nested(more) } }), files)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test.each<readonly [string, Record<string, unknown>, string]>([
    [
      'of another environment',
      { environment: 'ops.illumidesk.net' },
      'expected the environment `illumidesk.com`',
    ],
    ['of a higher criticality', { criticality: 'C1' }, 'expected a `criticality` of `C1` or higher'],
    ['of maintenance', { kind: 'maintenance' }, 'expected `kind: maintenance` around it'],
    ['with downtime', { downtime: '5 min' }, 'expected a `downtime` around it'],
    ['with a topic of its own', { topics: ['vendor'] }, 'expected its topic `vendor`'],
    [
      'with a point of no return',
      { 'rollback.pointOfNoReturn': { after: 'restart', reason: 'x' } },
      'expected no point of no return',
    ],
  ])('is refused: one %s', (_, more, message) => {
    const text = procedure(more);
    const step = nested({ sha256: hexOf(text) });
    expect(messagesOf(planText({ set: { 'steps.1': step } }), { 'lib/restart.yaml': text })).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test('is never inside itself, and at most three deep', () => {
    const files: Record<string, string> = {};
    let below: unknown;
    for (const name of ['d', 'c', 'b', 'a']) {
      const text = procedure({}, below);
      files[`${name}.yaml`] = text;
      below = within(`${name}.yaml`, hexOf(text), 'db-02');
    }
    expect(messagesOf(planText({ set: { 'steps.1': below } }), files)).toEqual([
      expect.stringContaining('expected procedures nested at most 3 deep, got `d.yaml` deeper'),
    ]);
    // A file cannot hold its own digest; that it is open already is said before that is looked at.
    const round = procedure({}, within('round.yaml', 'b'.repeat(64), 'db-02'));
    const step = within('round.yaml', hexOf(round), 'db-02');
    expect(messagesOf(planText({ set: { 'steps.1': step } }), { 'round.yaml': round })).toEqual([
      expect.stringContaining('expected no procedure inside itself, got `round.yaml` again'),
    ]);
  });

  test('asks for the files that it lacks', () => {
    const lacking = read(planText({ set: { 'steps.1': nested() } }));
    expect(!lacking.ok && lacking.missing).toEqual(['lib/restart.yaml']);
  });
});
