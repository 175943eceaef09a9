import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepLeases } from '../../src/app/run/sweep.ts';
import { findRun } from '../../src/store/runs.ts';
import { atFirstStep, startRunWorld, type RunWorld } from '../kit/run-world.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await startRunWorld();
});
afterAll(() => world.server.stop());

it('sweeps every other run where one of them cannot be swept', async () => {
  const { context } = world.server;
  const broken = (await atFirstStep(world)).run;
  const sound = (await atFirstStep(world)).run;
  // A record that no plan has a step for, as no program of ours writes it.
  await sql`update run_steps set state = 'succeeded' where run_id = ${broken.id} and position = 0`.execute(
    context.db,
  );
  await sql`insert into run_steps (run_id, list, position, name, state)
    values (${broken.id}, 'steps', 99, 'nobody knows', 'running')`.execute(context.db);
  await sql`update runs set lease_expires_at = now() - interval '2 s' where id = ${broken.id}`.execute(
    context.db,
  );
  await sql`update runs set lease_expires_at = now() - interval '1 s' where id = ${sound.id}`.execute(
    context.db,
  );
  const said: unknown[] = [];
  const log = { ...context.log, error: (fields: unknown) => said.push(fields) };
  expect(await sweepLeases({ ...context, log })).toBe(1);
  expect((await findRun(context.db, sound.id))?.state).toBe('held');
  expect(said).toMatchObject([{ run: broken.id }]);
});
