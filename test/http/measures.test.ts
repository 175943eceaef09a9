import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOf, planOfProcedure, runBadly, runWell } from '../kit/procedures.ts';
import { startBody, startRunWorld, stepOf, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  // What a maintenance change needs beside its reviewers is not what this is about.
  world = await startRunWorld({
    rulesOff: ['kind-honest', 'director-approval', 'emoc-assigned', 'handoff-written'],
  });
});
afterAll(() => world.server.stop());

async function read(path: string) {
  return (await world.server.ask('GET', `/api/v1/measures${path}`, { token: world.ana.token })).body;
}

const { command: _command, ...HAND } = stepOf('first');
const BY_HAND = { steps: [{ ...HAND, manual: { instructions: 'Turn it.', confirm: 'It is turned.' } }] };

it('of no change say so, and share nothing', async () => {
  expect(await read('')).toMatchObject({
    started: { changes: 0, service: null, automated: null, leadTime: null },
    ended: { ran: 0, failureRate: null, states: [] },
    refusals: [],
  });
  expect(await read('/next-to-automate')).toEqual({ next: [] });
});

it('count what started, how it ended, and what refused it', async () => {
  await runWell(world, await world.open(planOfProcedure('by-machine')));
  const blamed = await runWell(world, await world.open(planOfProcedure('by-machine')));
  await runBadly(world, await world.open(planOfProcedure('by-hand', BY_HAND)));
  const dead = await world.open(planOfProcedure('by-machine'));
  await world.prove('fail');
  await world.asRunner('POST', `/api/v1/changes/${dead}/runs`, startBody());
  await world.prove('pass');
  await runWell(world, dead);
  const counted = await read('');
  expect(counted).toMatchObject({
    started: { changes: 4, service: 1, automated: 0.75 },
    ended: {
      ran: 4,
      failureRate: 0.25,
      states: [
        { state: 'aborted', changes: 1 },
        { state: 'complete', changes: 3 },
      ],
    },
  });
  const { medianMinutes, p90Minutes } = counted.started.leadTime;
  expect(medianMinutes).toBeGreaterThan(0);
  expect(p90Minutes).toBeGreaterThanOrEqual(medianMinutes);
  const metrics = counted.refusals.find(({ rule }: { rule: string }) => rule === 'metrics-available');
  expect(metrics.refused).toBeGreaterThan(0);
  expect(metrics.blockedMinutes).toBeGreaterThan(0);

  const { server, ana, cora, rhea } = world;
  const incident = { title: 'it burns', severity: 'S3' };
  const { id } = (await server.ask('POST', '/api/v1/incidents', { token: ana.token, body: incident })).body;
  await server.ask('POST', `/api/v1/incidents/${id}/cause`, {
    token: rhea.token,
    body: { change: blamed.change, reason: 'its step' },
  });
  await server.ask('POST', `/api/v1/incidents/${id}/resolve`, {
    token: cora.token,
    body: { reason: 'water' },
  });
  expect((await read('')).ended.failureRate).toBe(0.5);
});

it('are of the time that is asked about', async () => {
  const before = await read('?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z');
  expect(before).toMatchObject({ started: { changes: 0 }, ended: { ran: 0 }, refusals: [] });
  const { status } = await world.server.ask(
    'GET',
    '/api/v1/measures?from=2020-02-01T00:00:00Z&to=2020-01-01T00:00:00Z',
    { token: world.ana.token },
  );
  expect(status).toBe(400);
});

it('put first in line what burns worst, then what is of a service below its budget, then what ran most', async () => {
  const often = planOfProcedure('often', BY_HAND);
  for (let run = 0; run < 2; run++) await runWell(world, await world.open(often));
  // Nothing reads the budget of `web` here: an unknown one counts as burnt, so its change is maintenance.
  const burnt = planOfProcedure('burnt', { ...BY_HAND, services: ['web'] });
  await runWell(world, await openOf(world, burnt, { reviewed: true }));
  const { next } = await read('/next-to-automate');
  expect(next.map(({ name, runs }: { name: string; runs: number }) => [name, runs])).toEqual([
    ['burnt', 1],
    ['often', 2],
    ['by-hand', 1],
  ]);
  // Declared a service change, it started as maintenance.
  expect((await read('')).started).toMatchObject({ changes: 7, service: 6 / 7 });
  expect(next[0]).toMatchObject({ kind: 'procedure', belowBudget: ['web'], severe: false, worst: 'S4' });
});
