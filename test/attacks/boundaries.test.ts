import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWay, type Passing } from '../../faults/real/way.ts';
import type { RunView } from '../../src/contract/runs.ts';
import { invariants } from '../kit/run-invariants.ts';
import { bastionOf, runThat, sweeping, type Bastion, type Runner } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

// TRUST.md section 5, attack 58: `kill -9` at every boundary of a step. In the midst of one, and STOP for longer than the lease, then
// CONT, are in test/faults/run-deaths; of the server and the database in test/faults/campaign.

let world: RunWorld;
let bastion: Bastion;
let sweeper: ReturnType<typeof sweeping>;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { leaseMs: 6_000, killGraceMs: 500, heartbeatMs: 250, askAgainMs: 250 },
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

/** Runs a change by a runner that is killed at one request or answer; gives its run once nobody holds it, or at its end. */
async function killedAt(change: string, at: Omit<Passing, 'what'>): Promise<RunView> {
  const way = await openWay(world.server.url);
  const killed = Promise.withResolvers<void>();
  let runner: Runner | null = null;
  way.onPassing = async ({ nth, when }) => {
    if (nth !== at.nth || when !== at.when) return;
    runner?.kill('SIGKILL');
    // What was not sent does not arrive either.
    way.network = 'cut';
    killed.resolve();
  };
  runner = bastion.run(change, { url: way.url });
  await killed.promise;
  expect(await runner.ended).toBe('SIGKILL');
  const run = await runThat(world, change, (one) => one.endedAt !== null || !one.runnerAlive);
  await way.stop();
  return run;
}

/** Another runner takes it over, and a person settles by what is written down, and says go on, until it has ended. */
async function broughtToItsEnd(change: string, effects: string): Promise<RunView> {
  const second = bastion.run(change, { args: ['--take-over'] });
  await second.said('epoch 2');
  for (;;) {
    const run = await runThat(world, change, ({ state, endedAt }) => state === 'held' || endedAt !== null);
    if (run.endedAt !== null) return run;
    const unknown = run.steps.find(({ state }) => state === 'unknown');
    if (unknown !== undefined) {
      const settlement = countOf(effects) > 0 ? 'happened' : 'did-not-happen';
      const place = {
        list: unknown.list,
        position: unknown.position,
        settlement,
        statement: 'its file says so',
      };
      await world.say(run, 'settle', place);
    }
    // What did not happen and is not idempotent is not tried again by anybody's word: then it is given up.
    if ((await world.say(run, 'go-on')).status !== 200) await world.say(run, 'abort');
    await sleep(200);
  }
}

const countOf = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean).length;

describe.concurrent(
  'kill -9 of the runner at a boundary of its step: it happens once, and the run is brought to its end',
  () => {
    it.each<[string, Omit<Passing, 'what'>, { effects: number; state: RunView['state'] }]>([
      ['started, and nobody heard it', { nth: 1, when: 'after' }, { effects: 1, state: 'succeeded' }],
      ['granted, and not begun', { nth: 3, when: 'after' }, { effects: 0, state: 'failed' }],
      ['done, and not reported', { nth: 4, when: 'before' }, { effects: 1, state: 'succeeded' }],
      [
        'reported, and nobody heard the answer',
        { nth: 4, when: 'after' },
        { effects: 1, state: 'succeeded' },
      ],
      ['verified, and not said so', { nth: 5, when: 'before' }, { effects: 1, state: 'succeeded' }],
    ])('%s', async (name, at, wanted) => {
      const effects = path.join(bastion.state, name.replaceAll(/\W+/g, '-'));
      writeFileSync(effects, '');
      const step = stepOf('first', {
        command: undefined,
        shell: `echo effect >> ${effects}`,
        timeout: '2 s',
      });
      const change = await world.open({ watch: [], steps: [step], postchecks: [CHECK('all is well')] });
      const lost = await killedAt(change, at);
      expect(lost.endedAt).toBe(null);
      expect((await broughtToItsEnd(change, effects)).state).toBe(wanted.state);
      expect(countOf(effects)).toBe(wanted.effects);
    });

    it('ended, and nobody heard it: there is nothing to take over', async () => {
      const change = await world.open({ watch: [], steps: [stepOf('first')] });
      const run = await killedAt(change, { nth: 5, when: 'after' });
      expect(run).toMatchObject({ state: 'succeeded', epoch: 1 });
      const second = bastion.run(change, { args: ['--take-over'] });
      expect(await second.ended).not.toBe(0);
    });
  },
);
