import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runnerTransport } from '../../src/cli/runner-transport.ts';
import { executeRun, leaseClock, type RunningRun } from '../../src/runner/run.ts';
import { startRun } from '../../src/runner/session.ts';
import { openView } from '../../src/runner/view.ts';
import { invariants } from '../kit/run-invariants.ts';
import { runThat } from '../kit/runner.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let state: string;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { heartbeatMs: 100, askAgainMs: 100 },
  });
  state = await mkdtemp(path.join(tmpdir(), 'interlock-clock-'));
});
afterAll(async () => {
  await invariants(world);
  await world.server.stop();
  await rm(state, { recursive: true, force: true });
});

/** A runner in this process, on a host whose clock is off by so many milliseconds; they may change while it works. */
async function runOn(change: string, skew: { ms: number }) {
  const hostClock = () => Date.now() + skew.ms;
  const transport = runnerTransport({
    url: world.server.url,
    token: world.ben.token,
    bastionKey: world.bastion,
  });
  const now = leaseClock();
  const sentAt = now();
  const started = await startRun(
    transport,
    change,
    {
      idempotencyKey: randomUUID(),
      multiplexer: 'tmux',
      privileges: 'none',
      acknowledges: [],
      resolved: null,
    },
    hostClock,
  );
  if (!started.ok) return { refusal: started.refusal };
  let text = '';
  const view = openView({
    isTerminal: false,
    size: () => ({ columns: 120, rows: 40 }),
    write: (line) => (text += line),
  });
  const running: RunningRun = await executeRun(
    {
      transport,
      hostClock,
      multiplexer: 'tmux',
      state,
      planFolder: null,
      bastion: {},
      prometheusUrl: null,
      alertmanagerUrl: null,
      secrets: [],
      view,
      prompt: async () => null,
    },
    started.value,
    { now, sentAt },
  );
  return { running, run: started.value.run, text: () => text };
}

it('warns of a host whose clock is more than a second off, and goes on', async () => {
  const change = await world.open({ watch: [], steps: [stepOf('first')] });
  const runner = await runOn(change, { ms: -2_000 });
  expect(await runner.running?.ended).toMatchObject({ kind: 'ended', run: { state: 'succeeded' } });
  expect(runner.text?.()).toContain("this host's clock is more than a second from the server's");
});

it('starts nothing from a host whose clock is more than five seconds off', async () => {
  const change = await world.open({ watch: [] });
  expect((await runOn(change, { ms: 6_000 })).refusal).toMatchObject({ code: 'clock_skew' });
  expect((await runOn(change, { ms: -6_000 })).refusal).toMatchObject({ code: 'clock_skew' });
});

it('grants no step once the clock has gone astray, and goes on by a word when it is right again', async () => {
  const skew = { ms: 0 };
  const steps = [stepOf('first', { command: undefined, wait: '1 s' }), stepOf('second')];
  const change = await world.open({ watch: [], steps });
  const runner = await runOn(change, skew);
  await runThat(world, change, (run) => run.steps[0]?.state === 'running');
  skew.ms = 6_000;
  const held = await runThat(world, change, (run) => run.state === 'held');
  expect(held.hold).toMatchObject({ cause: 'policy', rules: ['runner-clock'] });
  expect(held.steps.map((step) => step.state)).toEqual(['succeeded', 'pending']);
  skew.ms = 0;
  expect((await world.say(held, 'go-on')).status).toBe(200);
  expect(await runner.running?.ended).toMatchObject({ kind: 'ended', run: { state: 'succeeded' } });
});
