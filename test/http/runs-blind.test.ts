import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import {
  atFirstStep,
  executionOf,
  startRunWorld,
  stepOf,
  stepReport,
  type RunWorld,
} from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

const PARTS = ['prometheus', 'thanos', 'alertmanager'];
const planWith = (blind: Record<string, unknown>) => ({
  steps: [stepOf('first'), stepOf('restart it', { blind }), stepOf('look'), stepOf('last')],
});

async function blindFact(change: string) {
  const path = `/api/v1/changes/${change}/decisions?limit=1`;
  const { decisions } = (await world.server.ask('GET', path, { token: world.ana.token })).body;
  return decisions[0].facts.change.blind;
}

it('opens with its step, not before, lets the run go on without what it names, and is recorded', async () => {
  const { run, runner, told } = await atFirstStep(world, planWith({ parts: PARTS, lasts: '10 min' }));
  await world.prove('fail');
  // Into the window nobody goes blind.
  const held = (await runner.advance(stepReport(told, 'first'))).body;
  expect(held).toMatchObject({ instruction: { kind: 'hold' }, run: { hold: { cause: 'metrics' } } });
  expect(await blindFact(run.change)).toBeNull();
  await world.prove('pass');
  await runner.advance();
  await runner.advance();
  const second = (await runner.advance()).body.instruction;
  expect(second).toMatchObject({ kind: 'step', position: 1 });
  const entry = (await world.server.ledger()).findLast(({ type }) => type === 'run.granted');
  expect(entry).toMatchObject({ details: { 'blind-parts': PARTS.join(' '), 'blind-ms': 600_000 } });
  await world.prove('fail');
  const third = (await runner.advance(stepReport(second, 'restart it'))).body.instruction;
  expect(third).toMatchObject({ kind: 'step', position: 2 });
  const { until } = await blindFact(run.change);
  // The window is as long as the plan says, whatever was tried since; once it is over the proof is asked for again.
  const grants = await sql<{ at: Date }>`
    select min(granted_at) as at from grants where run_id = ${run.id} and list = 'steps' and segment = 1`.execute(
    world.server.context.db,
  );
  expect(Date.parse(until) - (grants.rows[0]?.at.getTime() ?? 0)).toBe(600_000);
  await world.prove('pass');
});

it('waives the proof of the parts that it names, and of no other', async () => {
  const { runner, told } = await atFirstStep(world, planWith({ parts: ['prometheus'], lasts: '10 min' }));
  const second = (await runner.advance(stepReport(told, 'first'))).body.instruction;
  expect(second).toMatchObject({ position: 1 });
  // Only what it names: the others have to be proven still.
  await world.prove('fail');
  const held = (await runner.advance(stepReport(second, 'restart it'))).body;
  expect(held.run.hold).toMatchObject({
    rules: ['metrics-available'],
    because: expect.stringContaining('thanos') as string,
  });
  expect(held.run.hold.because).not.toContain('prometheus');
  await world.prove('pass');
});

it('that has closed lets nothing pass', async () => {
  const { runner, told } = await atFirstStep(world, planWith({ parts: PARTS, lasts: '0 min' }));
  const second = (await runner.advance(stepReport(told, 'first'))).body.instruction;
  await world.prove('fail');
  const held = (await runner.advance(stepReport(second, 'restart it', { execution: executionOf() }))).body;
  expect(held.run.hold).toMatchObject({ cause: 'metrics', rules: ['metrics-available'] });
  await world.prove('pass');
});
