import { sql } from 'kysely';
import type { Transaction } from './database.ts';

// INVARIANT: what stands in the way of changes (vetoes, incidents, locks) is not written while somebody decides on it, nor
// decided on while somebody writes it: a veto is either seen by a grant or comes after it. Both work at `read committed`, so
// that what is read after the wait is what was committed before it.
const KEY = sql`hashtext('interlock standing')`;

/**
 * Taken before the facts of a decision are loaded, held until what was decided is committed. Many may. A request's own row is
 * held first, by everybody in that order, so that nobody waits in a circle.
 */
export async function holdStanding(tx: Transaction): Promise<void> {
  await sql`/* prepared: standing_hold */ select pg_advisory_xact_lock_shared(${KEY})`.execute(tx);
}

/** Taken by whatever writes a veto, an incident or a lock: waits for the decisions under way. One may. */
export async function writeStanding(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${KEY})`.execute(tx);
}
