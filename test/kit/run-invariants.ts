import { expect } from 'vitest';
import { violationsInLedger, violationsInRecords } from '../../faults/invariants.ts';
import { verifyWholeLedger } from '../../src/app/ledger.ts';
import type { RunWorld } from './run-world.ts';

/** What must be true of every history of runs, whatever went wrong (SAFETY section 1). Asserts that nothing violates it. */
export async function invariants(world: RunWorld): Promise<void> {
  const { db, ledger } = world.server.context;
  expect(await violationsInRecords(db)).toEqual([]);
  expect(violationsInLedger(await world.server.ledger())).toEqual([]);
  const verdict = await verifyWholeLedger(ledger.book);
  expect(verdict.faults).toEqual([]);
}
