import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bastionOf, runThat, sweeping, type Bastion } from '../kit/runner.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

const SOCKET = `interlock-test-${process.pid}`;
const INSIDE = { TMUX: '', INTERLOCK_TMUX_SOCKET: SOCKET };

let world: RunWorld;
let bastion: Bastion;
let sweeper: ReturnType<typeof sweeping>;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { leaseMs: 5_000, killGraceMs: 1_000, heartbeatMs: 250 },
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

const SCRIPT = '#!/bin/sh\necho "from the script: $SHOP_KEY"\n';
const script = { path: 'say.sh', sha256: createHash('sha256').update(SCRIPT).digest('hex'), dryRun: [] };
const SCRIPTED = {
  watch: [],
  steps: [stepOf('first', { command: undefined, script, passEnv: ['SHOP_KEY'] })],
};

describe('a run in tmux', () => {
  it('is started where there is none, followed, recorded with secrets masked, and leaves its exit status', async () => {
    const change = await world.open(SCRIPTED, { 'say.sh': SCRIPT });
    const env = { ...INSIDE, SHOP_KEY: 'hunter2-hunter2' };
    expect(await bastion.interlock(['dry-run', change], { env }).ended).toBe(0);
    const runner = bastion.run(change, { env });
    expect(await runner.ended, runner.text()).toBe(0);
    expect(runner.text()).toContain('from the script: [masked]');
    const run = await runThat(world, change, ({ state }) => state === 'succeeded');
    const { body } = await world.asRunner('GET', `/api/v1/runs/${run.id}/files/recording/terminal.cast`);
    const [header, ...events] = String(body)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(header).toMatchObject({ version: 2, width: 120, height: 40 });
    const shown = (events as [number, string, string][])
      .map(([, kind, text]) => (kind === 'o' ? text : ''))
      .join('');
    expect(shown).toContain('from the script: [masked]');
    expect(shown).toContain(`${run.id}: succeeded`);
    expect(shown).not.toContain('hunter2');
    const host = (await world.server.ledger()).findLast((entry) => entry['type'] === 'run.started');
    expect(host).toMatchObject({ details: { multiplexer: 'tmux' } });
  });

  it('that is refused exits 2, with the reason', async () => {
    const change = await world.open({ ...SCRIPTED, steps: [stepOf('first')] });
    await world.prove('fail');
    const runner = bastion.run(change, { env: INSIDE });
    expect(await runner.ended).toBe(2);
    await world.prove('pass');
    expect(runner.text()).toContain('✗ metrics-available:');
  });

  it('survives the death of the command that started it; a second one is told to attach', async () => {
    const steps = [stepOf('first', { command: ['/bin/sleep', '3'] }), stepOf('second')];
    const change = await world.open({ watch: [], steps });
    const first = bastion.run(change, { env: INSIDE });
    await runThat(world, change, ({ steps: all }) => all[0]?.state === 'running');
    first.kill('SIGKILL');
    const second = bastion.run(change, { env: INSIDE });
    expect(await second.ended).toBe(1);
    expect(second.text()).toContain(`interlock attach ${change}`);
    await runThat(world, change, ({ state }) => state === 'succeeded');
  });

  it('that is ended from outside leaves the run held', async () => {
    const steps = [stepOf('first', { command: ['/bin/sleep', '60'], interruptible: true })];
    const change = await world.open({ watch: [], steps });
    const runner = bastion.run(change, { env: INSIDE });
    await runThat(world, change, ({ steps: all }) => all[0]?.state === 'running');
    execFileSync('tmux', ['-L', SOCKET, 'kill-session', '-t', `=${change}`]);
    expect(await runner.ended).toBe(1);
    const held = await runThat(world, change, ({ state }) => state === 'held');
    expect(['cancelled', 'unknown']).toContain(held.steps[0]?.state);
  });
});
