import type { LedgerVerdict } from '../contract/ledger.ts';
import { readHead } from '../store/ledger.ts';
import { standingFreezes, type StandingFreeze } from '../store/ledger-freezes.ts';
import { anchored, freeze, gauge, page, whyFrozen, type LedgerContext } from './ledger-freeze.ts';
import { liftWhatStood } from './ledger-thaw.ts';
import { verifyNewestEntries, verifyWholeLedger } from './ledger.ts';
import { signLedger } from './ledger-sign.ts';
import type { Signed } from './ledger-sign.ts';
import { submitToWitnesses } from './ledger-witness.ts';

/** The running guard of the ledger. */
export interface LedgerWatch {
  /** Ends it, once what it is doing is done. */
  stop(): Promise<void>;
}

export interface WatchOptions {
  /** How often it is looked whether something was appended: so long, at most, an entry stands unsigned. */
  readonly signEveryMs?: number;
  readonly verifyEveryMs?: number;
  readonly witnessEveryMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * Verifies the end of the ledger, then goes on beside the running program: signs a checkpoint soon after something was
 * appended, by whichever replica, and verifies every entry, now and once a day. Resolves when the end is verified:
 * nothing may be executed before. What is found wrong freezes this server until it is started on a ledger that is sound, and the
 * others until one is.
 */
export async function watchLedger(
  context: LedgerContext,
  { signEveryMs = 1_000, verifyEveryMs = DAY_MS, witnessEveryMs = 5_000 }: WatchOptions = {},
): Promise<LedgerWatch> {
  let stood: readonly StandingFreeze[] = await standingFreezes(context.ledger.book.db);
  await takeVerdict(context, await verifyNewestEntries(context.ledger.book));
  lookForShorter(context);
  let wholeIsSound = false;
  const verifying = repeat(context, verifyEveryMs, async () => {
    wholeIsSound = (await verifyNow(context)).sound;
  });
  const sign = signWhatIsNew(context);
  const signing = repeat(context, signEveryMs, async () => {
    if (wholeIsSound) stood = await liftWhatStood(context, stood);
    await sign();
  });
  const witnessing = repeat(context, witnessEveryMs, () => submitToWitnesses(context));
  return {
    stop: async () => {
      context.ledger.book.db.lookAtNew = null;
      await Promise.all([verifying.stop(), signing.stop(), witnessing.stop()]);
    },
  };
}

/**
 * INVARIANT: nothing is asked of a database whose ledger is shorter than what was signed of it. A replica that lagged and was
 * promoted answers by new connections, and each of them is looked at first.
 */
function lookForShorter(context: LedgerContext): void {
  const { book } = context.ledger;
  book.db.lookAtNew = async (client) => {
    if (context.ledger.frozen !== null) return;
    // Read first: what is signed meanwhile is not missed by what is counted before.
    const signed = (await anchored(book)) ?? 0n;
    const { rows } = await client.query<{ size: string }>('select size::text from ledger_head');
    const size = BigInt(rows[0]?.size ?? 0);
    if (size >= signed) return;
    const message = `expected at least the ${signed} entries that were signed, got a database with ${size}`;
    // Not waited for: the people are told through a connection too.
    void freeze(context, [{ code: 'anchor-ahead', first: null, last: null, message }]);
  };
}

/** Verifies every entry of the ledger, and freezes if one is wrong. */
export async function verifyNow(context: LedgerContext): Promise<LedgerVerdict> {
  const verdict = await verifyWholeLedger(context.ledger.book);
  await takeVerdict(context, verdict);
  return verdict;
}

/** Signs a checkpoint of everything committed by now, and freezes if that would contradict an earlier one. */
export async function signNow(context: LedgerContext): Promise<Signed> {
  const signed = await signLedger(context.ledger.book);
  if (signed.ok) gauge(context, 'size', Number(signed.size));
  else await freeze(context, signed.faults);
  return signed;
}

/** Signs, and has it cosigned before it goes out: for those who take the checkpoint with them. */
export async function signForReaders(context: LedgerContext): Promise<Signed> {
  const signed = await signNow(context);
  if (signed.ok) await submitToWitnesses(context);
  return signed;
}

function signWhatIsNew(context: LedgerContext): () => Promise<void> {
  let signedSize: bigint | null = null;
  const lookForFreeze = heedOthers(context);
  return async () => {
    await page(context);
    await lookForFreeze();
    const head = await readHead(context.ledger.book.db);
    if (head !== null && head.size === signedSize) return;
    const signed = await signNow(context);
    if (signed.ok) signedSize = signed.size;
  };
}

/** Shows what another server found; what is decided asks the database itself. */
function heedOthers(context: LedgerContext): () => Promise<void> {
  let told: string | null = null;
  return async () => {
    const because = await whyFrozen(context, context.ledger.book.db);
    gauge(context, 'frozen', because === null ? 0 : 1);
    if (because !== null && because !== told && context.ledger.frozen === null)
      context.log.error({}, `the ledger is frozen by what another server found: ${because}`);
    told = because;
  };
}

async function takeVerdict(context: LedgerContext, verdict: LedgerVerdict): Promise<void> {
  const { sound, whole, size, faults } = verdict;
  gauge(context, 'size', Number(size));
  if (sound) {
    gauge(context, 'frozen', (await whyFrozen(context, context.ledger.book.db)) === null ? 0 : 1);
    context.log.info({ size, whole }, 'the ledger verifies');
  } else {
    await freeze(context, faults);
  }
}

/** Works now and then again and again, never twice at once. Where it fails it is tried again next time. */
function repeat(context: LedgerContext, everyMs: number, work: () => Promise<unknown>): LedgerWatch {
  let running = false;
  let last: Promise<void> = Promise.resolve();
  const run = async () => {
    running = true;
    try {
      await work();
    } catch (error) {
      context.log.warn({ error: String(error) }, 'the ledger could not be read; trying again');
    } finally {
      running = false;
    }
  };
  const start = () => {
    if (!running) last = run();
  };
  start();
  const timer = setInterval(start, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await last;
    },
  };
}
