import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import {
  CHECK,
  paperRunner,
  planOf,
  PREFLIGHT,
  resultOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'targets-in-environment'],
    timing: { heartbeatMs: 250, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
});
afterAll(async () => {
  await bastion.clear();
  await world.server.stop();
});

const HOSTS = ['web-01', 'web-02', 'web-03'];
const file = (name: string) => path.join(bastion.state, name);

/** Writes each target into a file; between the stages another file has to be there. */
function opened(done: string, good: string): Promise<string> {
  const write = (name: string, line: string, more = {}) =>
    stepOf(name, {
      command: undefined,
      shell: `echo "${line} $TARGET" >> ${file(done)}`,
      env: { TARGET: '{target}' },
      ...more,
    });
  const { undo: _undo, ...undoing } = write('undo {target}', 'undo');
  return world.open({
    watch: [],
    targets: HOSTS.map((name) => ({ name, type: 'host' })),
    steps: [
      {
        forEach: 'targets',
        stages: [1, 'rest'],
        between: {
          checks: [CHECK('it is well', { command: { argv: ['/usr/bin/test', '-e', file(good)] } })],
        },
        steps: [write('do {target}', 'do', { undo: { step: 'undo {target}' } })],
      },
    ],
    rollback: { steps: [{ forEach: 'targets', steps: [undoing] }] },
  });
}

it('goes on to the next stage only where the checks between pass, and undoes what was done', async () => {
  const change = await opened('stopped', 'never');
  const runner = bastion.run(change);
  await runner.said('⏸ held');
  expect(readFileSync(file('stopped'), 'utf8')).toBe('do web-01\n');
  const run = await runThat(world, change, ({ state }) => state === 'held');
  expect(run.hold?.because).toContain('step `look after stage 1 of 2, 1 of 3 targets` failed');
  expect(await bastion.interlock(['rollback', change, '--because', 'it is not well']).ended).toBe(0);
  expect(await runner.ended).toBe(1);
  expect(readFileSync(file('stopped'), 'utf8')).toBe('do web-01\nundo web-01\n');
});

it('takes every target in its order', async () => {
  const change = await opened('whole', 'well');
  writeFileSync(file('well'), '');
  const runner = bastion.run(change);
  expect(await runner.ended, runner.text()).toBe(0);
  expect(existsSync(file('whole')) && readFileSync(file('whole'), 'utf8')).toBe(
    HOSTS.map((name) => `do ${name}\n`).join(''),
  );
  const { steps } = await runThat(world, change, ({ state }) => state === 'succeeded');
  expect(steps.filter(({ list }) => list === 'steps').map(({ name }) => name)).toEqual([
    'do web-01',
    'look after stage 1 of 2, 1 of 3 targets',
    'do web-02',
    'do web-03',
  ]);
});

const nested = (digest: string) => ({
  name: 'inner',
  procedure: { path: 'lib/say.json', sha256: digest, with: { word: 'hello-there' } },
});

it('runs a nested procedure, its digest pinned, by the text that was filed with the plan', async () => {
  const { undo: _undo, ...rest } = stepOf('say {word}', { command: ['/bin/echo', '{word}'] });
  const inner = JSON.stringify(
    planOf({
      watch: [],
      parameters: { word: { type: 'text', say: 'What is said.' } },
      steps: [{ ...rest, undo: { nothing: 'it is only said' } }],
    }),
  );
  const sha256 = createHash('sha256').update(inner).digest('hex');
  const change = await world.open({ watch: [], steps: [nested(sha256)] }, { 'lib/say.json': inner });
  const runner = bastion.run(change);
  expect(await runner.ended, runner.text()).toBe(0);
  expect(runner.text()).toContain('▶ step 1/1 inner: say hello-there');
  expect(runner.text()).toContain('✓ pre-flight · inner: host answers');
  expect(runner.text()).toContain('│ hello-there\n');
  const other = world.open({ watch: [], steps: [nested('0'.repeat(64))] }, { 'lib/say.json': inner });
  await expect(other).rejects.toThrow('400');
});

it('carries a thousand targets: filed, started, granted step by step, verified on each', async () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `web-${i + 1}`);
  const change = await world.open({
    watch: [],
    targets: names.map((name) => ({ name, type: 'host' })),
    steps: [{ forEach: 'targets', stages: [1, '25%'], steps: [stepOf('do {target}')] }],
    postchecks: [{ forEach: 'targets', checks: [CHECK('{target} is well', { targets: ['{target}'] })] }],
    estimate: { steps: '1000 min', rollback: '0 min' },
  });
  const run = await world.start(change);
  const runner = paperRunner(world, run);
  const watched = { watched: [] };
  await runner.advance(null, watched);
  let { instruction } = (await runner.advance(PREFLIGHT, watched)).body;
  for (const name of names.slice(0, 3)) {
    expect(instruction).toMatchObject({ kind: 'step' });
    ({ instruction } = (await runner.advance(stepReport(instruction, `do ${name}`), watched)).body);
  }
  expect(instruction).toMatchObject({ kind: 'step', position: 3 });
  // It is not their turn yet, but so many results can be told.
  const early = await runner.advance(
    { kind: 'postchecks', results: names.map((name) => resultOf(`${name} is well`)) },
    watched,
  );
  expect([early.status, early.body.code]).toEqual([409, 'conflict']);
});
