import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChangeWorld, type ChangeWorld } from '../kit/changes.ts';

let world: ChangeWorld;
beforeAll(async () => {
  world = await startChangeWorld();
});
afterAll(() => world.server.stop());

it('looking at a request changes nothing, the proof of monitoring that its page shows neither', async () => {
  const change = await world.open();
  const tables = ['monitoring_proofs', 'decisions', 'ledger_entries', 'presences', 'outbox', 'notices'];
  const count = () => Promise.all(tables.map((table) => world.rows(table)));
  const before = await count();
  const shown = await change.show(world.ben);
  expect(shown.verdict.decision.verdicts).not.toEqual([]);
  expect(await count()).toEqual(before);
});
