import { openCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { sameHash } from '../kernel/ledger/hash.ts';
import { transact } from '../store/database.ts';
import { ed25519Verifier } from '../store/ledger-crypto.ts';
import { liftFreezes, type StandingFreeze } from '../store/ledger-freezes.ts';
import { readRoot } from '../store/ledger-hashes.ts';
import { readHead } from '../store/ledger.ts';
import { systemCall } from './actor.ts';
import { entryBase, record } from './carry-out.ts';
import type { LedgerContext } from './ledger-freeze.ts';
import type { Ledger } from './ledger.ts';

const verify = ed25519Verifier();

/**
 * Lifts what stood already when this server started, once it has verified every entry and heard every witness. What was found
 * later it has not looked at. What its finder held against the database has to be continued by the ledger as it is now.
 * Gives what is still to be lifted.
 */
export async function liftWhatStood(
  context: LedgerContext,
  stood: readonly StandingFreeze[],
): Promise<readonly StandingFreeze[]> {
  const { book, frozen, witnesses } = context.ledger;
  if (stood.length === 0 || frozen !== null) return [];
  if (!witnesses.every(({ heard }) => heard)) return stood;
  const lifted: StandingFreeze[] = [];
  for (const freeze of stood) {
    const because = await whyNot(book, freeze, witnesses.length);
    if (because === null) lifted.push(freeze);
    else context.log.error({ freeze: freeze.because }, `the ledger stays frozen: ${because}`);
  }
  if (lifted.length > 0) await lift(context, lifted);
  for (const { because } of lifted)
    context.log.warn({ because }, 'the ledger verifies, every entry of it: what had frozen it is lifted');
  return [];
}

/** With an entry for each: who looks at the ledger later sees that nothing could be done meanwhile, and why it could again. */
async function lift(context: LedgerContext, freezes: readonly StandingFreeze[]): Promise<void> {
  await transact(context.ledger.book.db, async (tx) => {
    await liftFreezes(
      tx,
      freezes.map(({ number }) => number),
    );
    for (const { number, because } of freezes) {
      await record(tx, {
        ...entryBase(context, systemCall('ledger')),
        type: 'ledger.thawed',
        action: 'thaw',
        object: `ledger-freeze/${number}`,
        outcome: 'allow',
        reason: 'every entry verifies, and what was found is put right',
        before: null,
        after: null,
        details: { found: because },
      });
    }
  });
}

/** Why this server cannot say that what was found is put right; `null` if it can. */
async function whyNot(
  { db, key }: Ledger,
  { because, anchor }: StandingFreeze,
  witnesses: number,
): Promise<string | null> {
  if (because.startsWith('witness-') && witnesses === 0) return 'expected the witness to be asked, got none';
  if (anchor === null) return null;
  const opened = openCheckpoint(Buffer.from(anchor, 'utf8'), key.verifier, verify);
  if (!opened.ok) return `${opened.because} in the checkpoint of the server that found it`;
  const { size, root } = opened.checkpoint;
  const head = (await readHead(db))?.size ?? 0n;
  if (size <= head && sameHash(await readRoot(db, size), root)) return null;
  return `expected it to continue the ${size} entries that the server that found it has seen signed, got another or fewer`;
}
