import type { LedgerFault } from '../contract/ledger.ts';
import { parseDecimal } from '../kernel/ledger/checkpoint.ts';
import { openCosignatures } from '../kernel/ledger/cosignature.ts';
import { formatSubmission } from '../kernel/ledger/submission.ts';
import { transact } from '../store/database.ts';
import { readLastCheckpoint, type StoredCheckpoint } from '../store/ledger-checkpoints.ts';
import { insertCosignature, lastCosigned } from '../store/ledger-cosignatures.ts';
import { ed25519Verifier } from '../store/ledger-crypto.ts';
import { proveConsistency } from '../store/ledger-hashes.ts';
import { readHead } from '../store/ledger.ts';
import { freeze, type LedgerContext } from './ledger-freeze.ts';
import type { Witness } from './ports/witness.ts';

/** A witness of the configuration, and what this server last heard of it. */
export interface WatchedWitness {
  readonly witness: Witness;
  /** Whether it was asked since the start: it may know more than the database does. */
  heard: boolean;
  /** Why there is no cosignature of the newest checkpoint, one line; `null` where nothing is wrong. */
  trouble: string | null;
}

/** What came of handing a checkpoint to a witness. */
type Heard =
  | { readonly heard: 'cosigned' | 'superseded' }
  | { readonly heard: 'trouble'; readonly because: string }
  /** It says that what we show does not continue what we showed it before. */
  | { readonly heard: 'fork'; readonly fault: LedgerFault };

const verify = ed25519Verifier();

/**
 * Hands the newest checkpoint to every witness that has not cosigned it. One that says it was shown another log freezes; one
 * that does not answer, or does not know us, is only warned of.
 */
export async function submitToWitnesses(context: LedgerContext): Promise<void> {
  if (context.ledger.frozen !== null) return;
  await Promise.all(context.ledger.witnesses.map((watched) => submitTo(context, watched)));
}

async function submitTo(context: LedgerContext, watched: WatchedWitness): Promise<void> {
  const { db } = context.ledger.book;
  const { name } = watched.witness.key;
  const newest = await readLastCheckpoint(db);
  if (newest === null) return;
  const known = (await lastCosigned(db, name))?.size ?? 0n;
  if (known === newest.size && watched.heard) return;
  const outcome = await submit(context, watched.witness, { newest, known });
  watched.heard = outcome.heard !== 'trouble';
  const trouble = outcome.heard === 'trouble' ? outcome.because : null;
  if (trouble !== null && trouble !== watched.trouble)
    context.log.warn({ witness: name }, `the witness does not cosign: ${trouble}`);
  watched.trouble = trouble;
  if (outcome.heard === 'fork') await freeze(context, [outcome.fault]);
}

async function submit(
  context: LedgerContext,
  witness: Witness,
  { newest, known }: { newest: StoredCheckpoint; known: bigint },
): Promise<Heard> {
  const first = await ask(context, witness, newest, known);
  if ('heard' in first) return first;
  if (first.conflict < known) {
    const because = `expected it to know size ${known}, which it cosigned, got \`${first.conflict}\`: its memory was set back`;
    return { heard: 'trouble', because };
  }
  const second = await ask(context, witness, newest, first.conflict);
  // Another server asked in between; the next turn sees what came of it.
  return 'heard' in second ? second : { heard: 'superseded' };
}

/** Asks once, from the size that the witness is believed to know. `conflict` is the size that it knows instead. */
async function ask(
  { ledger: { book } }: LedgerContext,
  witness: Witness,
  newest: StoredCheckpoint,
  oldSize: bigint,
): Promise<Heard | { readonly conflict: bigint }> {
  const proof = oldSize === 0n ? [] : await proveConsistency(book.db, oldSize, newest.size);
  let answer;
  try {
    answer = await witness.addCheckpoint(formatSubmission({ oldSize, proof, checkpoint: newest.note }));
  } catch (error) {
    return { heard: 'trouble', because: error instanceof Error ? error.message : String(error) };
  }
  const text = Buffer.from(answer.body).toString('utf8');
  const { name } = witness.key;
  if (answer.status === 200) return take(book.db, witness, newest, text);
  if (answer.status === 422)
    return fork(
      'witness-fork',
      newest.size,
      `expected \`${name}\` to see its tree of ${oldSize} entries continued, got a refusal`,
    );
  const size = answer.status === 409 ? parseDecimal(text.trimEnd()) : null;
  if (size === null)
    return { heard: 'trouble', because: `expected a cosignature, got status \`${answer.status}\`` };
  if (size === oldSize)
    return fork(
      'witness-fork',
      size,
      `expected the tree of ${size} entries that \`${name}\` cosigned, got another`,
    );
  if (size <= newest.size) return { conflict: size };
  const head = (await readHead(book.db))?.size ?? 0n;
  if (size <= head) return { heard: 'superseded' };
  return fork('witness-ahead', size, `expected the ${size} entries that \`${name}\` cosigned, got ${head}`);
}

/** Keeps the cosignature in an answer. */
async function take(
  db: LedgerContext['ledger']['book']['db'],
  { key }: Witness,
  { size, note }: StoredCheckpoint,
  lines: string,
): Promise<Heard> {
  const opened = openCosignatures(Buffer.from(`${note}${lines}`, 'utf8'), [key], verify);
  const [cosignature] = opened.ok ? opened.cosignatures : [];
  if (cosignature === undefined) {
    const because = opened.ok ? `expected a cosignature by \`${key.name}\`, got none` : opened.because;
    return { heard: 'trouble', because };
  }
  const at = new Date(Number(cosignature.timestamp) * 1_000);
  if (Number.isNaN(at.getTime()))
    return { heard: 'trouble', because: 'expected a time of today, got another' };
  await transact(db, (tx) =>
    insertCosignature(tx, { size, witness: key.name, line: cosignature.line, cosigned_at: at }),
  );
  return { heard: 'cosigned' };
}

function fork(code: 'witness-fork' | 'witness-ahead', size: bigint, message: string): Heard {
  const last = size > 0n ? (size - 1n).toString() : null;
  return { heard: 'fork', fault: { code, first: last === null ? null : '0', last, message } };
}
