import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startExporter, type Exporter } from '../kit/exporter.ts';
import { eventually } from '../kit/loopback-process.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
let prometheus: TestPrometheus;
let shop: Exporter;
/** What the shop says of itself; from 1 on it means roll back. */
let trouble = 0;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['awareness'],
    timing: { heartbeatMs: 250, askAgainMs: 250, watchEveryMs: 500, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
  shop = await startExporter(() => `trouble ${trouble}\n`);
  prometheus = await startPrometheus({ scraped: [{ job: 'shop', port: shop.port }] });
});
beforeEach(async () => {
  trouble = 0;
  await eventually(seen, (value) => value === '0');
});
afterAll(async () => {
  await bastion.clear();
  await prometheus.stop();
  await shop.stop();
  await world.server.stop();
});

/** What Prometheus has of it. */
async function seen(): Promise<string | undefined> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?query=trouble`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result[0]?.value[1];
}

const watch = [
  {
    name: 'trouble',
    prometheus: { query: 'trouble' },
    graph: 'https://graphs.example/trouble',
    expect: { below: 1 },
    rollBackWhen: { atLeast: 1 },
  },
];

const env = () => ({ PROMETHEUS_URL: prometheus.url });

describe('a watched metric', () => {
  it('that is well lets the run go to its end', async () => {
    const change = await world.open({ watch });
    const runner = bastion.run(change, { env: env() });
    expect(await runner.ended, runner.text()).toBe(0);
  });

  it('in its failure range stops an interruptible step and holds the run for a person', async () => {
    const steps = [stepOf('first', { command: ['/bin/sleep', '60'], interruptible: true }), stepOf('second')];
    const change = await world.open({ watch, steps });
    const runner = bastion.run(change, { env: env() });
    await runThat(world, change, (run) => run.steps[0]?.state === 'running');
    trouble = 1;
    const held = await runThat(
      world,
      change,
      (run) => run.state === 'held' && run.steps[0]?.state === 'cancelled',
    );
    expect(held.hold).toMatchObject({ cause: 'watched', needsPerson: true });
    expect(held.steps[1]?.state).toBe('pending');
    await runner.said(`to roll back: interlock rollback ${change} --because …`);
    runner.kill('SIGTERM');
    expect(await runner.ended).toBe(1);
  });

  it('that cannot be measured holds before the next step; measured again the run goes on by itself', async () => {
    const file = path.join(bastion.state, 'go');
    const steps = [
      stepOf('first', { command: undefined, shell: `while [ ! -e ${file} ]; do sleep 0.05; done` }),
      stepOf('second'),
    ];
    const change = await world.open({ watch, steps });
    const runner = bastion.run(change, { env: env() });
    await runThat(world, change, (run) => run.steps[0]?.state === 'running');
    await prometheus.kill();
    writeFileSync(file, '');
    const held = await runThat(world, change, (run) => run.state === 'held');
    expect(held).toMatchObject({
      hold: { cause: 'metrics', needsPerson: false, rules: ['watched-metrics'] },
    });
    await prometheus.restart();
    expect(await runner.ended, runner.text()).toBe(0);
  });
});
