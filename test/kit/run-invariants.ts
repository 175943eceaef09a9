import { sql } from 'kysely';
import { expect } from 'vitest';
import { verifyWholeLedger } from '../../src/app/ledger.ts';
import type { RunWorld } from './run-world.ts';

interface Violation {
  readonly what: string;
  readonly run_id: string;
}

/** What must be true of every history of runs, whatever went wrong (SAFETY section 1). Asserts that nothing violates it. */
export async function invariants(world: RunWorld): Promise<void> {
  const { db, ledger } = world.server.context;
  const { rows } = await sql<Violation>`
    select 'two live grants' as what, run_id from grants where closed_at is null group by run_id having count(*) > 1
    union all
    select 'epochs that do not grow', run_id from (
      select run_id, epoch, lag(epoch) over (partition by run_id order by number) as before from grants) g
      where before > epoch
    union all
    select 'an open step without a grant or an unknown one', s.run_id from run_steps s
      where s.state in ('granted', 'running')
        and not exists (select from grants g where g.run_id = s.run_id and g.closed_at is null)
    union all
    select 'a step executed without a grant', s.run_id from run_steps s
      where s.attempts > 0 and not exists (select from grants g where g.run_id = s.run_id and g.list = s.list)
    union all
    select 'S1 or S2 beside another', a.id from runs a, runs b
      where a.id <> b.id and a.severity in ('S1', 'S2') and a.ended_at is null and b.ended_at is null
        and a.state <> 'suspended' and b.state <> 'suspended'
    union all
    select 'an unknown step of a run that has ended', s.run_id from run_steps s join runs r on r.id = s.run_id
      where s.state = 'unknown' and r.ended_at is not null
    union all
    select 'a run that started before it was allowed', r.id from runs r
      where not exists (select from decisions d where d.change_id = r.change_id and d.action = 'start' and d.allowed
        and d.at <= r.started_at + interval '1 second')
  `.execute(db);
  expect(rows).toEqual([]);
  await grantsRestOnDecisions(world);
  await journalsAreGrants(world);
  const verdict = await verifyWholeLedger(ledger.book);
  expect(verdict.faults).toEqual([]);
}

/** Each grant stands in the ledger, once, and after a decision that allowed its step. */
async function grantsRestOnDecisions(world: RunWorld): Promise<void> {
  const entries = await world.server.ledger();
  const grants = entries.flatMap((entry, index) =>
    entry['type'] === 'run.granted' ? [{ entry, index }] : [],
  );
  for (const { entry, index } of grants) {
    const before = entries
      .slice(0, index)
      .findLast((one) => one['object'] === entry['object'] && one['type'] === 'decision');
    expect(before, JSON.stringify(entry)).toMatchObject({ type: 'decision' });
  }
}

/** What a journal tells was executed is covered by a grant. */
async function journalsAreGrants(world: RunWorld): Promise<void> {
  const foreign = (await world.server.ledger()).filter(
    (entry) => entry['type'] === 'run.evidence' && entry['outcome'] === 'error',
  );
  expect(foreign).toEqual([]);
}
