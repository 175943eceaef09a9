import { findRevision, type ChangeRow, type RevisionRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { AppContext } from '../context.ts';

/** A plan for a thousand targets takes some megabytes. */
const MOST = 16;
const KNOWN = new WeakMap<AppContext, Map<string, RevisionRow>>();

/**
 * The revision of a request that is in force. A revision is never changed, so one that was read before is not read again: the
 * request's row, as this transaction sees it, names it and its digest.
 */
export async function knownRevision(
  tx: Transaction,
  context: AppContext,
  { id, revision: number, digest }: Pick<ChangeRow, 'id' | 'revision' | 'digest'>,
): Promise<RevisionRow | undefined> {
  const known = KNOWN.get(context) ?? new Map<string, RevisionRow>();
  KNOWN.set(context, known);
  const key = `${id} ${number} ${digest}`;
  const revision = known.get(key) ?? (await findRevision(tx, id, number));
  if (revision === undefined) return undefined;
  known.delete(key);
  if (revision.digest === digest) known.set(key, revision);
  for (const oldest of known.keys()) {
    if (known.size <= MOST) break;
    known.delete(oldest);
  }
  return revision;
}
