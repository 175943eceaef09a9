import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bastionOf, runThat, sweeping, type Bastion } from '../kit/runner.ts';
import { CHECK, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';
import { severable } from '../kit/severable.ts';

// INVARIANT under test (ADR 0098): whoever may take a run over finds nothing of the old runner at work, however stubborn it is.

let world: RunWorld;
let bastion: Bastion;
let sweeper: ReturnType<typeof sweeping>;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['plan-complete', 'awareness'],
    timing: { leaseMs: 3_000, killGraceMs: 1_200, heartbeatMs: 250, askAgainMs: 250 },
  });
  sweeper = sweeping(world);
  bastion = bastionOf(world);
});
afterAll(async () => {
  await sweeper.stop();
  await bastion.clear();
  await world.server.stop();
});

/** What writes the time for as long as it works, and does not hear TERM. */
function stubborn(file: string): string {
  return `trap '' TERM; while :; do date +%s%3N >> ${file}; sleep 0.05; done`;
}

/** A step and its cancel action that only KILL ends. */
function stubbornStep(name: string, more: Record<string, unknown>) {
  const file = path.join(bastion.state, name);
  const cancel = `${file}.cancel`;
  const step = stepOf(name, {
    command: undefined,
    shell: stubborn(file),
    onCancel: ['/bin/sh', '-c', stubborn(cancel)],
    ...more,
  });
  return { step, file, cancel };
}

const lastOf = (file: string) => Number(readFileSync(file, 'utf8').trim().split('\n').at(-1));

/** When the run may be taken over, and when the step and its cancel action were last at work; asked after that. */
async function margin(change: string, files: { file: string; cancel: string }) {
  const held = await runThat(world, change, ({ state }) => state === 'held');
  const from = Date.parse(held.takeOverFrom ?? '');
  await sleep(from - Date.now() + 500);
  return { from, lasts: [lastOf(files.file), lastOf(files.cancel)] };
}

describe.concurrent('nothing works any more when the run may be taken over', () => {
  it('of an interruptible step whose runner stands still', async () => {
    const { step, ...files } = stubbornStep('interruptible', { interruptible: true });
    const change = await world.open({ watch: [], steps: [step] });
    const runner = bastion.run(change);
    await runThat(world, change, ({ steps }) => steps[0]?.state === 'running');
    runner.kill('SIGSTOP');
    const { from, lasts } = await margin(change, files);
    for (const last of lasts) expect(last).toBeLessThan(from);
  });

  it('of any other that was begun late in its lease, and is ended by its time-out', async () => {
    const slow = CHECK('slow', { command: { argv: ['/bin/sleep', '0.8'], measure: 'status' } });
    const { step, ...files } = stubbornStep('late', { timeout: '1 s', before: [slow] });
    const way = await severable(world.server.url);
    const change = await world.open({ watch: [], steps: [step] });
    bastion.run(change, { url: way.url });
    await runThat(
      world,
      change,
      ({ steps }) => steps[0]?.state === 'granted' || steps[0]?.state === 'running',
    );
    way.cut();
    const { from, lasts } = await margin(change, files);
    for (const last of lasts) expect(last).toBeLessThan(from);
    await way.stop();
  });
});
