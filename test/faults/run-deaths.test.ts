import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJournal } from '../../src/runner/read-journal.ts';
import { groupAlive } from '../../src/runner/terminate.ts';
import type { RunView } from '../../src/contract/runs.ts';
import { invariants } from '../kit/run-invariants.ts';
import { bastionOf, runThat, sweeping, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

// Long enough for a busy machine to send a beat within it.
const LEASE_MS = 5_000;

let world: RunWorld;
let bastion: Bastion;
let sweeper: ReturnType<typeof sweeping>;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { leaseMs: LEASE_MS, killGraceMs: 1_000, heartbeatMs: 250, askAgainMs: 250 },
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

/** A step that works for a minute at its first attempt and at once at its second, and tells of both. */
function slowOnce(name: string, more: Record<string, unknown> = {}) {
  const file = path.join(bastion.state, name);
  return {
    file,
    step: stepOf(name, {
      command: undefined,
      shell: `echo begun >> ${file}; [ "$(wc -l < ${file})" -gt 1 ] || sleep 60`,
      after: [CHECK(`${name} done`)],
      ...more,
    }),
  };
}

async function group(run: RunView): Promise<number> {
  const { entries } = readJournal(path.join(bastion.state, 'runs', run.id, 'journal.jsonl'));
  const begun = entries.find((entry) => entry.kind === 'begun');
  if (begun?.kind !== 'begun') throw new Error('expected a step that was begun');
  return begun.group;
}

async function working(change: string): Promise<RunView> {
  return runThat(world, change, ({ steps }) => steps[0]?.state === 'running');
}

describe.concurrent('the runner dies in a step', () => {
  it('that may be interrupted: it is stopped, unknown, taken over, probed, and tried again by a word', async () => {
    const { file, step } = slowOnce('interruptible', {
      interruptible: true,
      idempotent: true,
      probe: CHECK('happened', { command: { argv: ['/bin/false'], measure: 'status' } }),
    });
    const change = await world.open({ watch: [], steps: [step] });
    const first = bastion.run(change);
    const run = await working(change);
    first.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const lost = await runThat(world, change, ({ state }) => state === 'held');
    expect(lost).toMatchObject({ hold: { cause: 'unknown-step' }, runnerAlive: false });
    expect(lost.steps[0]?.state).toBe('unknown');
    expect(groupAlive(await group(run))).toBe(false);

    const second = bastion.run(change, { args: ['--take-over'] });
    await second.said('epoch 2');
    const probed = await runThat(world, change, ({ steps }) => steps[0]?.settlement === 'did-not-happen');
    expect(probed.state).toBe('held');
    await sleep(300);
    expect(readFileSync(file, 'utf8')).toBe('begun\n');
    expect((await world.say(run, 'go-on')).status).toBe(200);
    expect(await second.ended, second.text()).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('begun\nbegun\n');
  });

  // The test's own `expect`: the global one does not know which of several at once it is in.
  it('that may not: it works on to its end, and only then somebody else may take over', async (test) => {
    // Of this try alone: what a try before it left would let the step end at once.
    const folder = mkdtempSync(path.join(bastion.state, 'uninterrupted-'));
    const file = path.join(folder, 'finished');
    const go = path.join(folder, 'go');
    const step = stepOf('uninterrupted', {
      command: undefined,
      shell: `while [ ! -e ${go} ]; do sleep 0.05; done; echo a line; echo finished > ${file}`,
      timeout: '6 s',
    });
    const change = await world.open({ watch: [], steps: [step] });
    const first = bastion.run(change);
    const run = await working(change);
    first.kill('SIGKILL');
    writeFileSync(go, '');
    const journal = path.join(bastion.state, 'runs', run.id, 'journal.jsonl');
    await test.expect
      .poll(() => readJournal(journal).entries.at(-1))
      .toMatchObject({ kind: 'result', execution: { ok: true } });
    expect(existsSync(file)).toBe(true);
    const held = await runThat(world, change, ({ state }) => state === 'held');
    expect(held.steps[0]?.state).toBe('unknown');

    const second = bastion.run(change, { args: ['--take-over'] });
    await second.said('epoch 2');
    const place = { list: 'steps', position: 0, settlement: 'happened', statement: 'the journal says so' };
    expect((await world.say(run, 'settle', place)).status).toBe(200);
    expect((await world.say(run, 'go-on')).status).toBe(200);
    expect(await second.ended, second.text()).toBe(0);
    const { body } = await world.asRunner('GET', `/api/v1/runs/${run.id}/files`);
    expect(body.files.map(({ kind }: { kind: string }) => kind)).toContain('journal');
  });
});

describe.concurrent('the runner is stopped for longer than its lease', () => {
  it('begins nothing when it goes on; its step was ended by then, and its late result changes nothing', async () => {
    const { file, step } = slowOnce('stopped', { interruptible: true });
    const change = await world.open({ watch: [], steps: [step, stepOf('second')] });
    const runner = bastion.run(change);
    const run = await working(change);
    runner.kill('SIGSTOP');
    await runThat(world, change, ({ state }) => state === 'held');
    expect(groupAlive(await group(run))).toBe(false);
    await sleep(LEASE_MS / 2);
    runner.kill('SIGCONT');
    await runner.said('the lease is lost');
    await runner.said('taken over again, epoch 2');
    const now = await runThat(world, change, ({ epoch }) => epoch === 2);
    expect(now).toMatchObject({ state: 'held' });
    expect(now.steps.map(({ state }) => state)).toEqual(['unknown', 'pending']);
    expect(readFileSync(file, 'utf8')).toBe('begun\n');
    const late = (await world.server.ledger()).filter(
      (entry) => entry['type'] === 'run.late-report' && JSON.stringify(entry).includes(`"${run.id}"`),
    );
    expect(late).toHaveLength(1);
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(1);
  });
});

describe.concurrent('the keeper of a step dies', () => {
  it('makes the step unknown at once; an interruptible one is ended', async () => {
    const { step } = slowOnce('kept', { interruptible: true });
    const change = await world.open({ watch: [], steps: [step] });
    const runner = bastion.run(change);
    const run = await working(change);
    const leader = await group(run);
    process.kill(keeperOf(leader), 'SIGKILL');
    const held = await runThat(world, change, ({ state }) => state === 'held');
    expect(held).toMatchObject({ hold: { cause: 'unknown-step' }, runnerAlive: true, epoch: 1 });
    expect(groupAlive(leader)).toBe(false);
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(1);
  });

  it('has any other be waited for: its probe is asked when nothing of it works any more', async () => {
    const file = path.join(bastion.state, 'unheld');
    const go = path.join(bastion.state, 'unheld-go');
    const step = stepOf('unheld', {
      command: undefined,
      shell: `while [ ! -e ${go} ]; do sleep 0.05; done; echo finished > ${file}`,
      probe: CHECK('happened', { command: { argv: ['/usr/bin/test', '-e', file], measure: 'status' } }),
    });
    const change = await world.open({ watch: [], steps: [step] });
    const runner = bastion.run(change);
    const run = await working(change);
    process.kill(keeperOf(await group(run)), 'SIGKILL');
    await sleep(1_000);
    writeFileSync(go, '');
    const probed = await runThat(world, change, ({ steps }) => steps[0]?.settlement != null);
    expect(probed.steps[0]).toMatchObject({ settlement: 'happened' });
    expect(existsSync(file)).toBe(true);
    runner.kill('SIGTERM');
    await runner.ended;
  });
});

/** The parent of a step's process. */
function keeperOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}
