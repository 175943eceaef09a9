import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runnerCharter } from '../../src/contract/runs.ts';
import { readApprovedPlan } from '../../src/runner/approved-plan.ts';
import { panelLines } from '../../src/runner/panel.ts';
import { sparkline } from '../../src/runner/sparkline.ts';
import { bastionOf, runThat, sweeping, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

const SOCKET = `interlock-panel-${process.pid}`;
const env = { TMUX: '', INTERLOCK_TMUX_SOCKET: SOCKET };

let world: RunWorld;
let bastion: Bastion;
let sweeper: ReturnType<typeof sweeping>;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { heartbeatMs: 250, askAgainMs: 250, killGraceMs: 1_000 },
  });
  sweeper = sweeping(world);
  bastion = bastionOf(world);
});
afterAll(async () => {
  await sweeper.stop();
  await bastion.clear();
  await world.server.stop();
  try {
    execFileSync('tmux', ['-L', SOCKET, 'kill-server'], { stdio: 'ignore' });
  } catch {
    // Its last session has ended it.
  }
});

const tmux = (...args: string[]) => execFileSync('tmux', ['-L', SOCKET, ...args], { encoding: 'utf8' });

/** The pane as a person sees it, once it shows this. */
async function seen(change: string, wanted: string | RegExp): Promise<string> {
  let shown = '';
  for (let tries = 0; tries < 400; tries += 1) {
    shown = tmux('capture-pane', '-p', '-t', `=${change}:`);
    if (typeof wanted === 'string' ? shown.includes(wanted) : wanted.test(shown)) return shown;
    await sleep(100);
  }
  throw new Error(`expected a pane that shows \`${String(wanted)}\`, got:\n${shown}`);
}

const press = (change: string, ...keys: string[]) => tmux('send-keys', '-t', `=${change}:`, ...keys);

const measured = (value: number, verdict: 'pass' | 'fail') => ({
  name: 'error ratio',
  verdict,
  because: '',
  measurements: [{ verdict, value, because: '', raw: '', measuredAt: new Date().toISOString() }],
});

/** What a runner is given for a change; its run is held at once, as nobody executes it. */
async function charterOf(change: string) {
  const { body } = await world.asRunner('POST', `/api/v1/changes/${change}/runs`, await world.body());
  const charter = runnerCharter.parse(body);
  const read = readApprovedPlan(charter.plan);
  if (!read.ok) throw new Error(read.because);
  return { run: charter.run, plan: read.plan };
}

/** A change whose first step works until a file is there, with as many after it. */
async function begun(name: string, after: number) {
  const file = path.join(bastion.state, name);
  rmSync(file, { force: true });
  const first = stepOf('wait for the file', {
    command: undefined,
    shell: `echo at work; while [ ! -e ${file} ]; do sleep 0.05; done`,
    after: [CHECK('it is there')],
    estimate: '30 s',
    interruptible: true,
  });
  const rest = Array.from({ length: after }, (_, index) => stepOf(`later ${index + 1}`));
  const change = await world.open({ watch: [], steps: [first, ...rest] });
  const runner = bastion.run(change, { env });
  await runThat(world, change, ({ steps }) => steps[0]?.state === 'running');
  return { change, runner, finish: () => writeFileSync(file, '') };
}

describe('a sparkline', () => {
  it.each<[(number | null)[], string]>([
    [[], ''],
    [[3, 3, 3], '▁▁▁'],
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    [[1, null, 2], '▁ █'],
    [[null], ' '],
    [Array.from({ length: 30 }, (_, index) => index), '▁▁▂▂▂▃▃▄▄▄▅▅▅▆▆▇▇▇██'],
  ])('of %j is `%s`', (values, line) => {
    expect(sparkline(values)).toBe(line);
  });
});

describe('the panel of a run', () => {
  it('shows each watched metric with its last values, the newest, and when to roll back', async () => {
    const change = await world.open({ steps: [stepOf('only')] });
    const { run, plan } = await charterOf(change);
    const watched = new Map([['error ratio', [measured(0.001, 'pass'), measured(0.0612345, 'fail')]]]);
    const state = { plan, run, denials: [], watched, working: null, duty: null, question: null };
    const lines = panelLines(state, Date.parse(run.startedAt), { columns: 120, rows: 40 });
    expect(lines.join('\n')).toMatch(/ ✗ +▁█ 0\.06123 {2}error ratio, roll back at ≥ 0\.05$/m);
    const narrow = panelLines(state, Date.parse(run.startedAt), { columns: 40, rows: 20 });
    expect(Math.max(...narrow.map((line) => line.length))).toBe(39);
  });

  it('shows the steps with their times, the verdict, who is on duty and the keys; h holds, g goes on', async () => {
    const { change, runner, finish } = await begun('goes-on', 2);
    const working = await seen(change, /▶ 1 wait for the file {2}\d+ s of about 30 s, cut off at 1 min/);
    expect(working).toMatch(/CHG-\d+ RUN-\d+: running, \d+ s gone, about \d min( \d\d s)? of steps left/);
    expect(working).toContain(' · 2 later 1  about 1 min');
    expect(working).toContain('✓ no rule stands against going on');
    expect(working).toContain('h hold at the next safe place');
    await seen(change, 'on duty: EOC cora, IMOC ira');
    await seen(change, '│ at work');
    press(change, 'g');
    await seen(change, '! the run is not held: h holds it first');
    press(change, 'h');
    await runThat(world, change, ({ holdWanted }) => holdWanted);
    finish();
    const held = await seen(change, 'g go on   r roll back   a abort');
    expect(held).toContain('⏸ held (person), waits for a person: said at the terminal of the run');
    expect(held).toMatch(/✓ 1 wait for the file {2}succeeded, \d+ s/);
    press(change, 'g');
    await seen(change, 'let the run go on? y: yes, any other key: no');
    press(change, 'n');
    await seen(change, 'g go on   r roll back');
    expect((await runThat(world, change, () => true)).state).toBe('held');
    press(change, 'g');
    await seen(change, 'let the run go on?');
    press(change, 'y');
    expect(await runner.ended, runner.text()).toBe(0);
  });

  it('holds at once by h and h again, and gives a run up only to who types which change it is', async () => {
    const { change, runner } = await begun('given-up', 1);
    press(change, 'h');
    await runThat(world, change, ({ holdWanted }) => holdWanted);
    press(change, 'h');
    await seen(change, 'a abort');
    press(change, 'a');
    await seen(change, `type ${change} to give it up`);
    press(change, 'yes', 'Enter');
    await seen(change, 'not given up');
    press(change, 'a');
    await seen(change, /type CHG-\d+ to give it up as it stands; nothing is undone:$/m);
    press(change, change, 'Enter');
    const given = await runThat(world, change, ({ endedAt }) => endedAt !== null);
    expect(given.state).toBe('failed');
    expect(await runner.ended, runner.text()).toBe(1);
  });

  it('rolls back by r, and shows what is undone; many steps do not push it off the screen', async () => {
    const { change, runner, finish } = await begun('rolled-back', 60);
    const working = await seen(change, '▶ 1 wait for the file');
    expect(working).toMatch(/… \d\d more/);
    expect(working.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    press(change, 'h');
    await runThat(world, change, ({ holdWanted }) => holdWanted);
    finish();
    await seen(change, 'r roll back');
    press(change, 'r');
    await seen(change, 'undo every step that may have acted, the last one first?');
    press(change, 'y');
    const undone = await runThat(world, change, ({ endedAt }) => endedAt !== null);
    expect(undone.state).toBe('rolled-back');
    expect(await runner.ended, runner.text()).toBe(1);
    expect(existsSync(path.join(bastion.state, 'rolled-back'))).toBe(true);
  });

  it('is not drawn where there is no terminal', async () => {
    const change = await world.open({ watch: [], steps: [stepOf('only')] });
    const runner = bastion.run(change);
    expect(await runner.ended, runner.text()).toBe(0);
    expect(runner.text()).not.toContain('\x1b');
    expect(runner.text()).not.toContain('on duty:');
  });

  it('goes on where whoever reads its lines goes away', async () => {
    const file = path.join(bastion.state, 'unread');
    const shell = `while [ ! -e ${file} ]; do sleep 0.05; done; echo nobody reads this`;
    const steps = [stepOf('wait for the file', { command: undefined, shell }), stepOf('last')];
    const change = await world.open({ watch: [], steps });
    const runner = bastion.run(change);
    await runner.said('▶ step 1/2');
    runner.stopReading();
    writeFileSync(file, '');
    expect(await runner.ended).toBe(0);
  });
});
