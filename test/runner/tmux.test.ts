import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../kit/loopback-process.ts';
import { bastionOf, runThat, sweeping, type Bastion } from '../kit/runner.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

const INTERLOCK = path.resolve(import.meta.dirname, '../../bin/interlock.js');
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

const tmux = (...args: string[]) => execFileSync('tmux', ['-L', SOCKET, ...args], { encoding: 'utf8' });

/** Runs `interlock` in a pane of its own, as in a person's terminal; leaves its exit status in a file. */
function inTerminal(args: readonly string[], status: string): void {
  const variables = {
    HOME: bastion.state,
    INTERLOCK_STATE: bastion.state,
    INTERLOCK_TMUX_SOCKET: SOCKET,
    INTERLOCK_URL: world.server.url,
    INTERLOCK_TOKEN: world.ben.token,
    INTERLOCK_BASTION_KEY: world.bastion,
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  const program = [process.execPath, INTERLOCK, ...args].map((word) => `'${word}'`);
  const line = `env -u TMUX ${[...words, ...program].join(' ')}; echo $? > '${status}'`;
  tmux('new-session', '-d', '-s', 'joiner', '-x', '120', '-y', '42', line);
}

const paneShows = (name: string, wanted: string) =>
  eventually(
    async () => tmux('capture-pane', '-p', '-t', `=${name}:`),
    (shown) => shown.includes(wanted),
  );

const readOr = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

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

  it('survives the death of the command that started it; a second one joins it from a terminal', async () => {
    const go = path.join(bastion.state, 'go');
    const shell = `while [ ! -e ${go} ]; do sleep 0.05; done`;
    const steps = [stepOf('first', { command: undefined, shell }), stepOf('second')];
    const change = await world.open({ watch: [], steps });
    const first = bastion.run(change, { env: INSIDE });
    await runThat(world, change, ({ steps: all }) => all[0]?.state === 'running');
    first.kill('SIGKILL');
    const blind = bastion.run(change, { env: INSIDE });
    expect(await blind.ended).toBe(1);
    expect(blind.text()).toContain(`got none: interlock attach ${change} in a terminal`);
    const joined = path.join(bastion.state, 'joined');
    inTerminal(['run', change], joined);
    await paneShows('joiner', 'step 1/2 first');
    writeFileSync(go, '');
    await runThat(world, change, ({ state }) => state === 'succeeded');
    expect(
      await eventually(
        async () => readOr(joined),
        (status) => status !== '',
      ),
    ).toBe('0\n');
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
