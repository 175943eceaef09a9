import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openLedger } from '../../src/app/ledger.ts';
import type { Ledger } from '../../src/app/ledger.ts';
import type { LedgerDraft, LedgerVerdict } from '../../src/contract/ledger.ts';
import { transact } from '../../src/store/database.ts';
import { appendEntries } from '../../src/store/ledger.ts';
import { testDatabase } from './database.ts';

/** An entry that is right in every field, with what a test wants to be different. */
export function entryOf(changes: Partial<LedgerDraft> = {}): LedgerDraft {
  return {
    type: 'change.approved',
    actor: { issuer: 'local', subject: 'rhea', capacity: 'reviewer', session: 'ses-1' },
    source: 'api',
    object: 'change/CHG-1',
    action: 'approve',
    outcome: 'allow',
    reason: 'reviewed',
    before: null,
    after: `sha256:${'0'.repeat(64)}`,
    policy: null,
    request: 'req-1',
    ...changes,
  };
}

/** A ledger of one test's own: a database and a data folder. */
export interface TestLedger {
  readonly ledger: Ledger;
  /** The folder with key and anchor. */
  readonly folder: string;
  /** Appends so many entries, each with another reason. */
  append(count: number): Promise<void>;
  /** Runs statements as the superuser, in one transaction, on a connection of its own. */
  superuser(statements: string): Promise<void>;
  drop(): Promise<void>;
}

export async function testLedger(): Promise<TestLedger> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'interlock-ledger-'));
  const ledger = await openLedger(database.db, {
    keyFile: join(folder, 'ledger', 'log.key'),
    anchorFile: join(folder, 'ledger', 'checkpoint'),
    anchorRequired: true,
  });
  let appended = 0;
  return {
    ledger,
    folder,
    append: async (count) => {
      const entries = Array.from({ length: count }, () => entryOf({ reason: `entry ${appended++}` }));
      await transact(database.db, (tx) => appendEntries(tx, entries));
    },
    superuser: async (statements) => void (await superuser(database.url, statements)),
    drop: async () => {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs statements as the superuser, in one transaction, on a connection of its own; gives the rows of a single one. */
export async function superuser(url: string, statements: string): Promise<{ rows: unknown[] }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statements);
  } finally {
    await client.end();
  }
}

/** What a superuser says first to change rows that triggers guard. */
export const DISARM = `
  alter table ledger_entries disable trigger all;
  alter table ledger_nodes disable trigger all;
  alter table ledger_head disable trigger all;
  alter table ledger_checkpoints disable trigger all;
  alter table ledger_cosignatures disable trigger all;`;

/** Leaf hashes, subtree hashes and head made anew from the entries as they stand: by somebody who knows the ledger. */
export const REBUILD = `
  update ledger_entries set leaf_hash = sha256('\\x00'::bytea || convert_to(entry, 'UTF8'));
  delete from ledger_nodes;
  update ledger_head set size = 0, peaks = '{}';
  do $rebuild$
  declare
    row record; node bytea; place bigint; height int; peaks bytea[] := '{}';
  begin
    for row in select * from ledger_entries order by index loop
      node := row.leaf_hash; place := row.index; height := 0;
      while place % 2 = 1 loop
        node := sha256('\\x01'::bytea || peaks[cardinality(peaks)] || node);
        peaks := peaks[: cardinality(peaks) - 1];
        place := place / 2; height := height + 1;
        if height % 8 = 0 then insert into ledger_nodes values (height / 8, place, node); end if;
      end loop;
      peaks := peaks || node;
    end loop;
    update ledger_head set size = (select count(*) from ledger_entries), peaks = rebuilt.peaks
      from (select peaks as peaks) as rebuilt;
  end $rebuild$;`;

/** Every fault as one short text: its code and the entries that it concerns. */
export function faultsOf({ faults }: LedgerVerdict): string[] {
  return faults.map((fault) => `${fault.code} ${fault.first}..${fault.last}`);
}
