import { expect, it } from 'vitest';
import { atFirstStep, startRunWorld, stepReport } from '../kit/run-world.ts';

const grantsOf = (types: readonly unknown[]) => types.filter((type) => type === 'run.granted').length;

it('(56) an incident between the gate and the grant: no step is granted after it', async () => {
  const world = await startRunWorld();
  try {
    const { runner, told } = await atFirstStep(world);
    const typesNow = async () => (await world.server.ledger()).map(({ type }) => type);
    const before = grantsOf(await typesNow());
    const open = world.server.ask('POST', '/api/v1/incidents', {
      token: world.cora.token,
      body: { title: 'The shop is down', severity: 'S1' },
    });
    const [opened] = await Promise.all([open, runner.advance(stepReport(told, 'first'))]);
    expect(opened.status).toBe(201);
    await runner.advance();
    const types = await typesNow();
    expect(types.indexOf('incident.opened')).toBeGreaterThan(0);
    expect(types.slice(types.indexOf('incident.opened'))).not.toContain('run.granted');
    // Either the grant was quicker, and its step works; or the run is held before it.
    expect(types.includes('run.held')).toBe(grantsOf(types) === before);
  } finally {
    await world.server.stop();
  }
});
