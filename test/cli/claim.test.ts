import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepClaims } from '../../src/app/claim/sweep.ts';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';
import { severable, type Severable } from '../kit/severable.ts';
import type { TestAccount } from '../kit/server.ts';

const BIN = path.resolve(import.meta.dirname, '../../bin/interlock.js');
const KIND = ['--environment', 'illumidesk.com', '--criticality', 'C4', '--minutes', '5', '--rollback', '5'];

let world: ChangeWorld;
let robot: TestAccount;
let way: Severable;
let folder: string;
beforeAll(async () => {
  world = await startChangeWorld();
  robot = await world.server.account('robot', { kind: 'service', scopes: ['ask', 'act', 'read'] });
});
afterAll(() => world.server.stop());
beforeEach(async () => {
  Object.assign(world.server.context, {
    runTiming: {
      leaseMs: 3_000,
      killGraceMs: 1_000,
      heartbeatMs: 100,
      askAgainMs: 1_000,
      watchEveryMs: 1_000,
      passesInARow: 3,
      personAfterMs: 60_000,
      coolDownMs: 60_000,
    },
  });
  way = await severable(world.server.url);
  folder = await mkdtemp(path.join(tmpdir(), 'interlock-claim-'));
});
afterEach(async () => {
  await way.stop();
  await rm(folder, { recursive: true, force: true });
  await world.asOwner(`update claims set state = 'failed', ended_at = now(), lease_expires_at = null, settle_from = null
    where ended_at is null`);
  await world.asOwner(`update vetoes set lifted_at = now(), lifted_by = 'cora' where lifted_at is null`);
});

/** How the wrapper that was started last ended. */
let newest: Wrapper['ended'];

interface Wrapper {
  readonly child: ChildProcess;
  readonly ended: Promise<{ status: number | null; stderr: string }>;
}

function wrap(options: readonly string[], command: readonly string[], url = way.url): Wrapper {
  const child = spawn(process.execPath, [BIN, 'claim', ...KIND, ...options, '--', ...command], {
    env: { ...process.env, INTERLOCK_URL: url, INTERLOCK_TOKEN: robot.token },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ status: number | null; stderr: string }>((resolve) => {
    child.once('close', (status) => resolve({ status, stderr }));
  });
  newest = ended;
  return { child, ended };
}

/** A command that writes its process id into a file and then works for a minute, or until it is told to end. */
const working = (then = 'sleep 60') => ['sh', '-c', `echo $$ > ${folder}/pid; ${then}`];
const S4 = ['--severity', 'S4'];

async function eventually<T>(look: () => Promise<T | null | undefined>): Promise<T> {
  for (;;) {
    const seen = await look().catch(() => null);
    if (seen !== null && seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The process id of a command that was begun; a wrapper that ended before says why. */
const begun = () =>
  Promise.race([
    eventually(async () => Number(await readFile(`${folder}/pid`, 'utf8')) || null),
    newest.then(({ stderr }): never => {
      throw new Error(`expected a command that was begun, got its end: ${stderr}`);
    }),
  ]);
const claims = async () =>
  (await world.server.ask('GET', '/api/v1/claims', { token: robot.token })).body.claims;
const last = async (type: string) =>
  (await world.server.ledger()).findLast((entry) => entry['type'] === type);

/** Whether it still works: one that is only waited for by nobody does not. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('interlock claim', () => {
  it('runs the command with its arguments as they are, and exits as it does', async () => {
    const { ended } = wrap(S4, ['sh', '-c', `printf '%s' "$1" > ${folder}/said; exit 7`, 'sh', 'a b; $c']);
    expect((await ended).status).toBe(7);
    expect(await readFile(`${folder}/said`, 'utf8')).toBe('a b; $c');
    expect(await last('claim.released')).toMatchObject({ outcome: 'allow', reason: 'failed' });
    expect((await wrap(S4, ['true']).ended).status).toBe(0);
    expect(await last('claim.released')).toMatchObject({ reason: 'succeeded' });
    expect(await claims()).toEqual([]);
  });

  it('is 127 where there is no such command, which then failed', async () => {
    const { status, stderr } = await wrap(S4, ['/no/such/command']).ended;
    expect({ status, stderr }).toEqual({
      status: 127,
      stderr: expect.stringContaining('there is no program'),
    });
    expect(await last('claim.released')).toMatchObject({ reason: 'failed' });
  });

  it('leaves no claim behind where the command cannot even be tried', async () => {
    const before = (await world.server.ledger()).length;
    const { status, stderr } = await wrap(S4, ['']).ended;
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: 'interlock: expected a command after `--`, got an empty text\n',
    });
    expect((await world.server.ledger()).length).toBe(before);
    const through = await wrap(S4, ['/etc/passwd/no']).ended;
    expect(through).toEqual({ status: 127, stderr: expect.stringContaining('ENOTDIR') });
    expect(await last('claim.released')).toMatchObject({ reason: 'failed' });
    expect(await claims()).toEqual([]);
  });

  it('is refused with 2, and the command never runs', async () => {
    await world.server.ask('POST', '/api/v1/vetoes', {
      token: world.cora.token,
      body: { change: '*', reason: 'wait' },
    });
    const { status, stderr } = await wrap(S4, working('true')).ended;
    expect(status).toBe(2);
    // Standard output is the command's, which did not run.
    expect(stderr).toMatch(/^refused by eoc-veto\n/);
    await expect(readFile(`${folder}/pid`)).rejects.toThrow('ENOENT');
  });

  it('is 1 where no server answers, and the command never runs', async () => {
    const { status, stderr } = await wrap(S4, working('true'), 'http://127.0.0.1:9').ended;
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('expected an Interlock server'),
    });
    await expect(readFile(`${folder}/pid`)).rejects.toThrow('ENOENT');
  });

  it('has one of two S1 run at once', async () => {
    const both = [
      wrap(['--severity', 'S1'], working('sleep 3')),
      wrap(['--severity', 'S1'], working('sleep 3')),
    ];
    const statuses = (await Promise.all(both.map(({ ended }) => ended))).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([0, 2]));
  });

  it('passes a signal on to the command', async () => {
    const { child, ended } = wrap(S4, [
      'sh',
      '-c',
      `trap 'exit 9' TERM; echo $$ > ${folder}/pid; while :; do sleep 0.05; done`,
    ]);
    await begun();
    child.kill('SIGTERM');
    expect((await ended).status).toBe(9);
    expect(await last('claim.released')).toMatchObject({ reason: 'failed' });
  });

  it('ends the command at a veto, its children too, and is no success even if the command says so', async () => {
    const { ended } = wrap(S4, working(`trap 'exit 0' TERM; sleep 60 & echo $! > ${folder}/child; wait`));
    await begun();
    const child = await eventually(async () => Number(await readFile(`${folder}/child`, 'utf8')) || null);
    await world.server.ask('POST', '/api/v1/vetoes', {
      token: world.cora.token,
      body: { change: '*', reason: 'stop' },
    });
    const { status, stderr } = await ended;
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('eoc-veto') });
    expect(lives(child)).toBe(false);
    expect(await last('claim.released')).toMatchObject({ reason: 'failed' });
  });

  it('kills a command that does not heed TERM', async () => {
    const { ended } = wrap(S4, working(`trap '' TERM; while :; do sleep 0.05; done`));
    const pid = await begun();
    await world.server.ask('POST', '/api/v1/vetoes', {
      token: world.cora.token,
      body: { change: '*', reason: 'stop' },
    });
    expect((await ended).status).toBe(137);
    expect(lives(pid)).toBe(false);
  });

  it('lets the command end by itself where that is declared', async () => {
    const { ended } = wrap(
      [...S4, '--on-stop', 'wait'],
      working(`while [ ! -e ${folder}/end ]; do sleep 0.05; done`),
    );
    await begun();
    await world.server.ask('POST', '/api/v1/vetoes', {
      token: world.cora.token,
      body: { change: '*', reason: 'stop' },
    });
    await eventually(async () => ((await last('decision'))?.['outcome'] === 'deny' ? true : null));
    await writeFile(`${folder}/end`, '');
    expect((await ended).status).toBe(0);
    expect(await last('claim.released')).toMatchObject({ outcome: 'allow', reason: 'succeeded' });
  });

  it('ends the command before the lease is over where the server is gone', async () => {
    const { ended } = wrap(S4, working());
    const pid = await begun();
    way.cut();
    const { status, stderr } = await ended;
    expect(status).toBe(143);
    expect(stderr).toContain('could not be recorded');
    expect(lives(pid)).toBe(false);
    await eventually(async () => ((await sweepClaims(world.server.context)) > 0 ? true : null));
    expect(await claims()).toMatchObject([{ state: 'unknown' }]);
  });

  it('leaves a lost claim where it was killed itself', async () => {
    const { child, ended } = wrap(S4, working());
    const pid = await begun();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    // Nobody is left to end the command: that is why only a person frees the place.
    expect(lives(pid)).toBe(true);
    process.kill(-pid, 'SIGKILL');
    await ended;
    await eventually(async () => ((await sweepClaims(world.server.context)) > 0 ? true : null));
    expect(await claims()).toMatchObject([{ state: 'unknown' }]);
    expect(await last('claim.lost')).toMatchObject({ outcome: 'error' });
  });
});
