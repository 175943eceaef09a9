import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** Rows that nobody may change: only read and, where it is allowed at all, inserted. */
type Fixed<T> = ColumnType<T, T, never>;

interface LedgerEntriesTable {
  index: Fixed<bigint>;
  entry: Fixed<string>;
  leaf_hash: Fixed<Buffer>;
  object: Fixed<string>;
  type: Fixed<string | null>;
  subject: Fixed<string | null>;
  outcome: Fixed<string | null>;
}

interface LedgerNodesTable {
  level: Fixed<number>;
  index: Fixed<bigint>;
  hash: Fixed<Buffer>;
}

interface LedgerHeadTable {
  singleton: Generated<boolean>;
  size: bigint;
  peaks: Buffer[];
}

interface LedgerCheckpointsTable {
  size: Fixed<bigint>;
  note: Fixed<string>;
  signed_at: GeneratedAlways<Date>;
}

interface LedgerCosignaturesTable {
  size: Fixed<bigint>;
  witness: Fixed<string>;
  line: Fixed<string>;
  cosigned_at: Fixed<Date>;
}

interface LedgerSignerTable {
  singleton: Generated<boolean>;
  vkey: Fixed<string>;
}

interface LedgerFreezesTable {
  number: GeneratedAlways<bigint>;
  because: Fixed<string>;
  anchor: Fixed<string | null>;
  found_at: GeneratedAlways<Date>;
  lifted_at: Date | null;
}

/** The tables of the ledger: entries, tree, checkpoints, who signs and cosigns them, and what was found wrong. */
export interface LedgerTables {
  ledger_entries: LedgerEntriesTable;
  ledger_nodes: LedgerNodesTable;
  ledger_head: LedgerHeadTable;
  ledger_checkpoints: LedgerCheckpointsTable;
  ledger_cosignatures: LedgerCosignaturesTable;
  ledger_signer: LedgerSignerTable;
  ledger_freezes: LedgerFreezesTable;
}
