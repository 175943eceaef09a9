import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { timingOf } from '../../src/app/run/timing.ts';
import { startKeeper } from '../../src/runner/keeper-process.ts';
import { readJournal } from '../../src/runner/read-journal.ts';
import { bastionOf, runThat, sweeping, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';
import { severable } from '../kit/severable.ts';

let world: RunWorld;
let bastion: Bastion;
let sweeper: ReturnType<typeof sweeping>;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { leaseMs: 20_000, killGraceMs: 500, heartbeatMs: 100, askAgainMs: 250 },
  });
  sweeper = sweeping(world);
  bastion = bastionOf(world);
});
afterAll(async () => {
  await sweeper.stop();
  await bastion.clear();
  await world.server.stop();
});

const at = (name: string) => path.join(bastion.state, name);

/** Says that it has begun, and works until a file is there. */
const until = (name: string) => [
  '/bin/sh',
  '-c',
  `touch ${at(name)}.begun; while [ ! -e ${at(name)} ]; do sleep 0.05; done`,
];

/** Until when the run of a change is leased: each beat moves it. */
async function leaseOf(change: string): Promise<string> {
  const { rows } = await sql<{ until: string }>`
    select lease_expires_at::text as until from runs where change_id = ${change}`.execute(
    world.server.context.db,
  );
  return rows[0]?.until ?? '';
}

async function begun(name: string) {
  for (let waited = 0; !existsSync(`${at(name)}.begun`); waited += 20) {
    if (waited > 50_000) throw new Error(`expected \`${name}\` to begin, got nothing`);
    await sleep(20);
  }
}

it('a step is not begun that was vetoed while its checks before it were measured', async () => {
  const before = [CHECK('slow', { command: { argv: until('slow'), measure: 'status', timeout: '30 s' } })];
  const steps = [stepOf('first', { command: ['/usr/bin/touch', at('done')], before })];
  const change = await world.open({ watch: [], steps });
  const runner = bastion.run(change);
  await begun('slow');
  const body = { change, reason: 'no' };
  await world.server.ask('POST', '/api/v1/vetoes', { token: world.cora.token, body });
  await runThat(world, change, ({ state }) => state === 'held');
  // A beat that tells the runner is answered before the next is sent: two more, and it was heard.
  for (let beats = 0; beats < 2; beats += 1) {
    const last = await leaseOf(change);
    await expect.poll(() => leaseOf(change)).not.toBe(last);
  }
  writeFileSync(at('slow'), '');
  const run = await runThat(world, change, (one) => one.steps[0]?.state === 'failed');
  expect(run).toMatchObject({ state: 'held', hold: { cause: 'veto' }, steps: [{ failedAt: 'before' }] });
  expect(existsSync(at('done'))).toBe(false);
  runner.kill('SIGKILL');
});

it('a corrective command is not begun after the lease was lost in the one before it', async () => {
  const failing = { command: { argv: ['/bin/false'], measure: 'status' } };
  const preflight = [
    CHECK('host answers', { ...failing, corrective: until('first-correction') }),
    CHECK('disk is free', { ...failing, corrective: ['/usr/bin/touch', at('second-correction')] }),
  ];
  // Lost while it is waited for, and not sooner where the machine is slow.
  Object.assign(world.server.context, { runTiming: { ...timingOf(world.server.context), leaseMs: 5_000 } });
  const way = await severable(world.server.url);
  const change = await world.open({ watch: [], preflight });
  const runner = bastion.run(change, { url: way.url });
  await begun('first-correction');
  way.cut();
  await runThat(world, change, ({ state }) => state === 'held');
  writeFileSync(at('first-correction'), '');
  await runner.said('this runner takes it over once it may');
  expect(existsSync(at('second-correction'))).toBe(false);
  runner.kill('SIGKILL');
  await way.stop();
});

it('a keeper whose lease is over begins nothing, whatever a runner that slept tells it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'interlock-keeper-'));
  const keeper = await startKeeper(folder);
  keeper.lease(100);
  await sleep(150);
  const place = { run: 'RUN-1', epoch: 1, grant: 'GRANT-1', list: 'steps', position: 0, attempt: 1 } as const;
  const kept = keeper.execute(
    {
      command: {
        argv: ['/usr/bin/touch', path.join(folder, 'done')],
        env: {},
        cwd: folder,
        timeoutMs: 5_000,
        graceMs: 100,
        secrets: [],
      },
      interruptible: false,
      onCancel: null,
      outputFile: path.join(folder, 'output.log'),
      intent: {
        kind: 'intent',
        ...place,
        at: new Date().toISOString(),
        step: 'first',
        digest: `sha256:${'0'.repeat(64)}`,
        interruptible: false,
      },
    },
    () => undefined,
  );
  expect((await kept.ended).spawnError).toContain('lease');
  expect(existsSync(path.join(folder, 'done'))).toBe(false);
  keeper.leave();
  await sleep(100);
  expect(readJournal(path.join(folder, 'journal.jsonl')).entries.map(({ kind }) => kind)).not.toContain(
    'begun',
  );
  rmSync(folder, { recursive: true, force: true });
});
