import { sql } from 'kysely';
import type { LedgerFault } from '../contract/ledger.ts';
import type { Queries } from './database.ts';

const MOST = 100;

/**
 * Compares the requests that the ledger says were opened with those that there are. Leaf indexes have no gaps, so the ledger
 * tells the whole population, which the numbers of a sequence cannot: a request that was taken out is missed here.
 */
export async function comparePopulation(db: Queries): Promise<LedgerFault[]> {
  // One statement, so one snapshot: a request and its entry are committed together.
  const { rows } = await sql<{ id: string; index: bigint | null }>`
    with opened as (
      -- Of the entry itself: the column beside it is no evidence.
      select substring(entry from '"object":"change/(CHG-[^"]+)"') as id, min(index) as index from ledger_entries
      where entry like '%"object":"change/CHG-%' and entry like '%"outcome":"allow"%'
        and entry like '%"type":"change.opened","version":1}'
      group by 1
    )
    select o.id, o.index from opened o where not exists (select from changes c where c.id = o.id)
    union all
    select c.id, null from changes c where not exists (select from opened o where o.id = c.id)
    order by index nulls last, id limit ${MOST}`.execute(db);
  return rows.map(({ id, index }) =>
    index === null
      ? {
          code: 'change-unrecorded',
          first: null,
          last: null,
          message: `expected an entry that ${id} was opened, got none`,
        }
      : {
          code: 'change-missing',
          first: index.toString(),
          last: index.toString(),
          message: `expected ${id}, which was opened at entry ${index}, got no such request`,
        },
  );
}
