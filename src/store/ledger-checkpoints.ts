import type { Queries, Transaction } from './database.ts';

/** A checkpoint as it was signed: `note` is the signed note. */
export interface StoredCheckpoint {
  readonly size: bigint;
  readonly note: string;
}

/** The newest checkpoint that the database holds. */
export async function readLastCheckpoint(db: Queries): Promise<StoredCheckpoint | null> {
  const row = await db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'note'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The checkpoint that was signed for a size, if one was. */
export async function readCheckpointOf(db: Queries, size: bigint): Promise<StoredCheckpoint | null> {
  const row = await db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'note'])
    .where('size', '=', size)
    .executeTakeFirst();
  return row ?? null;
}

/** The checkpoints for sizes above `after` and not above `upTo`, in order. */
export async function readCheckpoints(db: Queries, after: bigint, upTo: bigint): Promise<StoredCheckpoint[]> {
  return db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'note'])
    .where('size', '>', after)
    .where('size', '<=', upTo)
    .orderBy('size')
    .execute();
}

/** Keeps a checkpoint. There is one a size: gives the note that stands for this size, be it this one or an earlier. */
export async function insertCheckpoint(tx: Transaction, checkpoint: StoredCheckpoint): Promise<string> {
  await tx
    .insertInto('ledger_checkpoints')
    .values(checkpoint)
    .onConflict((conflict) => conflict.column('size').doNothing())
    .execute();
  const row = await tx
    .selectFrom('ledger_checkpoints')
    .select('note')
    .where('size', '=', checkpoint.size)
    .executeTakeFirstOrThrow();
  return row.note;
}
