import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../kit/loopback-process.ts';
import { startPrometheus, type TestPrometheus } from '../kit/prometheus.ts';
import { bastionOf, runThat, type Bastion } from '../kit/runner.ts';
import { startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
let bastion: Bastion;
let prometheus: TestPrometheus;
beforeAll(async () => {
  world = await startRunWorld({
    rulesOff: ['awareness'],
    timing: { heartbeatMs: 250, askAgainMs: 250, watchEveryMs: 500, killGraceMs: 1_000 },
  });
  bastion = bastionOf(world);
  prometheus = await startPrometheus({ scraped: [] });
  const scraped = async () =>
    (await fetch(`${prometheus.url}/api/v1/query?query=up`)).json() as Promise<{
      data: { result: unknown[] };
    }>;
  await eventually(scraped, ({ data }) => data.result.length > 0);
});
afterAll(async () => {
  await bastion.clear();
  await prometheus.stop();
  await world.server.stop();
});

/** A metric that is well while Prometheus answers for itself, and means roll back from this number of scrapes on. */
function watching(rollBackFrom: number) {
  return [
    {
      name: 'scrapes',
      prometheus: { query: 'sum(count_over_time(up{job="prometheus"}[10m]))' },
      graph: 'https://graphs.example/scrapes',
      expect: { below: rollBackFrom },
      rollBackWhen: { atLeast: rollBackFrom },
    },
  ];
}

const env = () => ({ PROMETHEUS_URL: prometheus.url });

describe('a watched metric', () => {
  it('that is well lets the run go to its end', async () => {
    const change = await world.open({ watch: watching(100_000) });
    const runner = bastion.run(change, { env: env() });
    expect(await runner.ended, runner.text()).toBe(0);
  });

  it('in its failure range stops an interruptible step and holds the run for a person', async () => {
    const steps = [stepOf('first', { command: ['/bin/sleep', '60'], interruptible: true }), stepOf('second')];
    const { data } = (await (
      await fetch(`${prometheus.url}/api/v1/query?query=sum(count_over_time(up[10m]))`)
    ).json()) as { data: { result: { value: [number, string] }[] } };
    // Reached a few scrapes, so seconds, from now: in mid-step.
    const soon = Number(data.result[0]?.value[1]) + 8;
    const change = await world.open({ watch: watching(soon), steps });
    const runner = bastion.run(change, { env: env() });
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
    const change = await world.open({ watch: watching(100_000), steps });
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
