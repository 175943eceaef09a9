import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunView } from '../../src/contract/runs.ts';
import { withHeard } from '../../src/contract/run-heard.ts';
import {
  paperRunner,
  PREFLIGHT,
  resultOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';
import type { TestAccount } from '../kit/server.ts';

let world: RunWorld;
let change: string;
let run: string;
beforeAll(async () => {
  world = await startRunWorld();
  change = await world.open();
  run = (await world.start(change)).id;
});
afterAll(() => world.server.stop());

/** What stands against each act or word, by its name. */
async function whyNot(who: TestAccount, path: string): Promise<Record<string, string | null>> {
  const { body } = await world.server.ask('GET', path, { token: who.token });
  const list = (body.acts ?? body.words) as { act?: string; word?: string; whyNot: string | null }[];
  return Object.fromEntries(list.map(({ act, word, whyNot: why }) => [act ?? word, why]));
}

describe('what a person may do', () => {
  it('with a request is what the acts themselves would answer', async () => {
    const ana = await whyNot(world.ana, `/api/v1/changes/${change}/acts`);
    expect(ana).toMatchObject({ discuss: null, veto: 'expected the engineer on call, got `ana`' });
    expect(ana['edit']).toContain('got one that is `in-progress`');
    expect(await whyNot(world.cora, `/api/v1/changes/${change}/acts`)).toMatchObject({ veto: null });
  });

  it('with a run is what the words themselves would answer, and nothing is done by asking', async () => {
    const path = `/api/v1/runs/${run}/words`;
    expect(await whyNot(world.rhea, path)).toMatchObject({
      hold: 'expected one of executor, team, emoc, eoc, imoc, management, got `rhea`',
    });
    expect(await whyNot(world.cora, path)).toMatchObject({ hold: null, 'go-on': expect.any(String) });
    const { body } = await world.server.ask('GET', `/api/v1/runs/${run}`, { token: world.ana.token });
    expect(body).toMatchObject({ state: 'preflight', holdWanted: false });
    await world.say({ id: run }, 'hold', { because: 'a look at it', now: true }, world.cora);
    const then = await whyNot(world.ben, path);
    expect(then['go-on']).toContain('only the EOC or the IMOC releases it');
    expect(await whyNot(world.cora, path)).toMatchObject({ 'go-on': null, abort: null });
  });

  it('at a run that is watched shows what was measured since it began, each point once, nothing as zero', async () => {
    const watching = await world.start(await world.open());
    const runner = paperRunner(world, watching);
    const begun = Date.now();
    const measured = (value: number | null, verdict: 'pass' | 'fail' | 'unknown', second: number) => ({
      ...resultOf('error ratio', verdict),
      measurements: [
        {
          verdict: verdict === 'unknown' ? ('inconclusive' as const) : verdict,
          value,
          because: 'seen',
          raw: '',
          measuredAt: new Date(begun + second * 1_000).toISOString(),
        },
      ],
    });
    const page = async (after: number) =>
      (
        await world.server.ask('GET', `/api/v1/runs/${watching.id}/samples?after=${after}`, {
          token: world.ana.token,
        })
      ).body;
    const foreign = { ...measured(1, 'pass', 0), name: 'not of the plan' };
    await runner.advance(null, { watched: [measured(0.001, 'pass', 0), foreign] });
    // The same measurement again, and one that came at once behind it.
    await runner.advance(null, { watched: [measured(0.001, 'pass', 0)] });
    await runner.advance(null, { watched: [measured(0.002, 'pass', 1)] });
    const first = await page(0);
    expect(first.samples).toEqual([
      { metric: 'error ratio', at: expect.any(String), value: 0.001, verdict: 'pass' },
    ]);
    let second = 2;
    await vi.waitFor(
      async () => {
        await runner.advance(null, { watched: [measured(null, 'unknown', (second += 1))] });
        expect((await page(first.last)).samples).toMatchObject([{ value: null, verdict: 'unknown' }]);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(first.more).toBe(false);
  });

  it('at a run that is watched shows the ranges, and what was measured', async () => {
    const { body } = await world.server.ask('GET', `/api/v1/runs/${run}/watched`, { token: world.ana.token });
    expect(body.watched).toEqual([
      expect.objectContaining({
        name: 'error ratio',
        expect: { below: 0.01 },
        rollBackWhen: { atLeast: 0.05 },
      }),
    ]);
  });

  it('at a request shows who was seen there, and of whom a sign is wanted', async () => {
    await world.server.ask('POST', `/api/v1/changes/${change}/situation-room`, { token: world.cora.token });
    const { body } = await world.server.ask('GET', `/api/v1/changes/${change}/presence`, {
      token: world.ana.token,
    });
    expect(body).toMatchObject({ eoc: 'cora', eocAskedAfterMs: 180_000, eocSeenWithinMs: 300_000 });
    expect(body.present).toContainEqual(
      expect.objectContaining({ person: 'cora', joinedAt: expect.any(String) }),
    );
  });
});

const positions = (view: RunView) => view.steps.map(({ position, state }) => `${position} ${state}`);

it('tells whoever has a version what changed since, and everything to everybody else', async () => {
  const steps = [stepOf('first'), stepOf('second'), stepOf('third')];
  const watched = await world.start(await world.open({ steps }));
  const runner = paperRunner(world, watched);
  const begun = (await runner.advance()).body.run as RunView;
  const first = (await runner.advance(PREFLIGHT, { since: begun.version })).body;
  expect(positions(first.run)).toEqual(['0 granted']);
  const read = async (path: string) =>
    (await world.server.ask('GET', `/api/v1/runs/${watched.id}${path}`, { token: world.ana.token }))
      .body as RunView;
  const whole = await read('');
  const { list, position, grant } = first.instruction;
  await runner.beat({ list, position, grant: grant.id });
  expect(positions(await read(`/since/${whole.version}`))).toEqual(['0 running']);
  const second = (await runner.advance(stepReport(first.instruction, 'first'), { since: first.run.version }))
    .body.run as RunView;
  expect(positions(second)).toEqual(['0 succeeded', '1 granted']);
  const now = ['0 succeeded', '1 granted', '2 pending'];
  expect(positions(withHeard(whole, await read(`/since/${whole.version}`)))).toEqual(now);
  expect(positions(await read(`/since/${second.version}`))).toEqual([]);
  // A version that nobody here knows, and a runner that says none.
  expect(positions(await read('/since/999999'))).toEqual(now);
  expect(positions((await runner.advance()).body.run ?? whole)).toHaveLength(3);
});
