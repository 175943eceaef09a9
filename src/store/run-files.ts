import type { Queries, Transaction } from './database.ts';

export interface NewRunFile {
  readonly runId: string;
  readonly kind: 'output' | 'recording' | 'journal';
  readonly name: string;
  /** `sha256:<hex>` of the bytes. */
  readonly digest: string;
  readonly bytes: Buffer;
}

/** Keeps a file of a run; false if this very file is kept already. */
export async function keepRunFile(tx: Transaction, file: NewRunFile): Promise<boolean> {
  const kept = await tx
    .insertInto('run_files')
    .values({
      run_id: file.runId,
      kind: file.kind,
      name: file.name,
      digest: file.digest,
      bytes: file.bytes,
    })
    .onConflict((conflict) => conflict.columns(['run_id', 'kind', 'name', 'digest']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return kept !== undefined;
}

/** What is kept of a run, without the bytes. */
export async function filesOfRun(
  db: Queries,
  runId: string,
): Promise<{ id: bigint; kind: string; name: string; digest: string }[]> {
  return db
    .selectFrom('run_files')
    .select(['id', 'kind', 'name', 'digest'])
    .where('run_id', '=', runId)
    .orderBy('id')
    .execute();
}

/** The bytes of the newest file of that kind and name. */
export async function runFile(
  db: Queries,
  file: { readonly runId: string; readonly kind: 'output' | 'recording' | 'journal'; readonly name: string },
): Promise<Buffer | null> {
  const row = await db
    .selectFrom('run_files')
    .select('bytes')
    .where('run_id', '=', file.runId)
    .where('kind', '=', file.kind)
    .where('name', '=', file.name)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return row?.bytes ?? null;
}
