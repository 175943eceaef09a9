import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../src/http/server.ts';
import { invariants } from '../kit/run-invariants.ts';
import { bastionOf, runThat, sweeping, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';
import { severable } from '../kit/severable.ts';

let world: RunWorld;
let bastion: Bastion;
let sweeper: ReturnType<typeof sweeping>;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { leaseMs: 5_000, killGraceMs: 1_000, heartbeatMs: 250, askAgainMs: 250 },
  });
  sweeper = sweeping(world);
  bastion = bastionOf(world);
});
afterAll(async () => {
  await invariants(world);
  await sweeper.stop();
  await bastion.clear();
  await world.server.stop();
});

/** A step that works until a file is there. */
function waiting(name: string, more: Record<string, unknown> = {}) {
  const file = path.join(bastion.state, name);
  // A second try of the same test waits like the first.
  rmSync(file, { force: true });
  const step = stepOf(name, {
    command: undefined,
    shell: `echo begun >> ${file}.log; while [ ! -e ${file} ]; do sleep 0.05; done; echo ended >> ${file}.log`,
    after: [CHECK(`${name} done`)],
    ...more,
  });
  return { file, log: `${file}.log`, step };
}

const working = (change: string) => runThat(world, change, ({ steps }) => steps[0]?.state === 'running');

async function veto(change: string) {
  const body = { change, reason: 'no' };
  const answer = await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body });
  expect(answer.status).toBe(201);
}

describe.concurrent('the server restarts in a step', () => {
  it('the step goes on under its lease, is reported with its epoch, and the run goes on', async () => {
    const { log, file, step } = waiting('restart');
    const way = await severable(world.server.url);
    const change = await world.open({ watch: [], steps: [step, stepOf('second')] });
    const runner = bastion.run(change, { url: way.url });
    await working(change);
    way.cut();
    const again = await buildServer(world.server.context, {
      allowedHosts: [],
      metricsOpen: false,
      requestsPerMinute: null,
      webRoot: null,
      version: '0.0.0',
    });
    way.leadTo(await again.listen({ host: '127.0.0.1', port: 0 }));
    await sleep(500);
    way.heal();
    writeFileSync(file, '');
    expect(await runner.ended, runner.text()).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe('begun\nended\n');
    expect((await runThat(world, change, () => true)).epoch).toBe(1);
    await again.close();
    await way.stop();
  });
});

describe.concurrent('the network between runner and server is cut', () => {
  it('the step ends, nothing else is begun; healed, the journal is handed in and the run taken over', async () => {
    const { file, log, step } = waiting('cut', { timeout: '3 s' });
    const second = path.join(bastion.state, 'cut-second');
    const way = await severable(world.server.url);
    const steps = [step, stepOf('second', { command: ['/usr/bin/touch', second] })];
    const change = await world.open({ watch: [], steps });
    const runner = bastion.run(change, { url: way.url });
    const run = await working(change);
    way.cut();
    writeFileSync(file, '');
    const held = await runThat(world, change, ({ state }) => state === 'held');
    expect(held).toMatchObject({ hold: { cause: 'unknown-step' }, runnerAlive: false });
    await runner.said('the lease is lost');
    expect(readFileSync(log, 'utf8')).toBe('begun\nended\n');
    expect(existsSync(second)).toBe(false);
    way.heal();
    await runner.said('taken over again, epoch 2');
    const { body } = await world.asRunner('GET', `/api/v1/runs/${run.id}/files`);
    expect(body.files.map(({ kind }: { kind: string }) => kind)).toContain('journal');
    const now = await runThat(world, change, ({ epoch }) => epoch === 2);
    expect(now.steps.map(({ state }) => state)).toEqual(['unknown', 'pending']);
    const place = { list: 'steps', position: 0, settlement: 'happened', statement: 'its log' };
    expect((await world.say(run, 'settle', place)).status).toBe(200);
    expect((await world.say(run, 'go-on')).status).toBe(200);
    expect(await runner.ended, runner.text()).toBe(0);
    expect(existsSync(second)).toBe(true);
    expect(readFileSync(log, 'utf8')).toBe('begun\nended\n');
    await way.stop();
  });

  it('stops an interruptible step before the lease ends', async () => {
    const { log, step } = waiting('cut-interruptible', { interruptible: true });
    const way = await severable(world.server.url);
    const change = await world.open({ watch: [], steps: [step] });
    const runner = bastion.run(change, { url: way.url });
    await working(change);
    way.cut();
    await runThat(world, change, ({ state }) => state === 'held');
    expect(readFileSync(log, 'utf8')).toBe('begun\n');
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(1);
    await way.stop();
  });
});

describe.concurrent('a veto in mid-step', () => {
  it('stops an interruptible step, then its cancel action; the time it took is recorded', async () => {
    const cancelled = path.join(bastion.state, 'cancelled');
    const { step, log } = waiting('vetoed', {
      interruptible: true,
      idempotent: true,
      onCancel: ['/usr/bin/touch', cancelled],
    });
    const change = await world.open({ watch: [], steps: [step, stepOf('second')] });
    const runner = bastion.run(change);
    await working(change);
    await veto(change);
    const held = await runThat(
      world,
      change,
      ({ state, steps }) => state === 'held' && steps[0]?.state === 'cancelled',
    );
    expect(held.hold?.cause).toBe('veto');
    expect(existsSync(cancelled)).toBe(true);
    expect(readFileSync(log, 'utf8')).toBe('begun\n');
    const step1 = (await world.server.ledger()).findLast(
      (entry) => entry['type'] === 'run.step' && entry['object'] === `change/${change}`,
    );
    expect(step1).toMatchObject({ details: { state: 'cancelled', 'stop-ms': expect.any(Number) } });
    expect((await world.say(held, 'go-on')).status).toBe(200);
    expect((await runThat(world, change, () => true)).state).toBe('held');
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(1);
  });

  it('lets any other step finish, then holds', async () => {
    const { file, step, log } = waiting('finishes');
    const change = await world.open({ watch: [], steps: [step, stepOf('second')] });
    const runner = bastion.run(change);
    await working(change);
    await veto(change);
    await runThat(world, change, ({ state }) => state === 'held');
    expect(readFileSync(log, 'utf8')).toBe('begun\n');
    writeFileSync(file, '');
    const held = await runThat(world, change, ({ steps }) => steps[0]?.state === 'succeeded');
    expect(held).toMatchObject({ state: 'held', hold: { cause: 'veto' } });
    expect(held.steps[1]?.state).toBe('pending');
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(1);
  });
});

describe.concurrent('a network that loses every answer', () => {
  it.each([['run'], ['take over', '--take-over']])(
    'keeps nobody who would %s waiting for ever',
    async (_what, ...args) => {
      const way = await severable(world.server.url);
      way.cut();
      const runner = bastion.run(await world.open(), { url: way.url, args });
      expect(await runner.ended).toBe(1);
      expect(runner.text()).toContain('expected an Interlock server');
      await way.stop();
    },
  );
});

describe.concurrent('two people start at once', () => {
  it('one wins, the other is told who', async () => {
    const { file, step } = waiting('raced');
    const change = await world.open({ watch: [], steps: [step] });
    const both = [bastion.run(change), bastion.run(change)];
    const first = await Promise.race(both.map(({ ended }) => ended));
    expect(first).toBe(2);
    const run = await working(change);
    const text = both.map((runner) => runner.text()).join('');
    expect(text).toContain(`in the way: ${run.id} of ${change}, started by ben`);
    writeFileSync(file, '');
    const ends = await Promise.all(both.map(({ ended }) => ended));
    expect(new Set(ends), both.map((runner) => runner.text()).join('\n')).toEqual(new Set([0, 2]));
  });
});

describe.concurrent('an interrupt at the terminal', () => {
  it('holds at the next safe place; the run goes on by a word', async () => {
    const { file, step } = waiting('interrupted');
    const change = await world.open({ watch: [], steps: [step, stepOf('second')] });
    const runner = bastion.run(change);
    const run = await working(change);
    runner.kill('SIGINT');
    await runner.said('hold at the next safe place');
    writeFileSync(file, '');
    const held = await runThat(world, change, ({ state }) => state === 'held');
    expect(held).toMatchObject({ hold: { cause: 'person', by: 'ben' } });
    expect(held.steps.map(({ state }) => state)).toEqual(['succeeded', 'pending']);
    expect((await world.say(run, 'go-on')).status).toBe(200);
    expect(await runner.ended, runner.text()).toBe(0);
  });
});
