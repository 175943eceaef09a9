import type { LedgerFault, LedgerVerdict } from '../contract/ledger.ts';
import { readHead } from '../store/ledger.ts';
import type { AppContext } from './context.ts';
import { verifyNewestEntries, verifyWholeLedger } from './ledger.ts';
import { signLedger } from './ledger-sign.ts';
import type { Signed } from './ledger-sign.ts';

/** What is needed to act on what is found wrong: `context.ledger.frozen` is set, the log and the metrics say so. */
export type LedgerContext = Pick<AppContext, 'ledger' | 'log' | 'metrics'>;

/** The running guard of the ledger. */
export interface LedgerWatch {
  /** Ends it, once what it is doing is done. */
  stop(): Promise<void>;
}

export interface WatchOptions {
  /** How often it is looked whether something was appended: so long, at most, an entry stands unsigned. */
  readonly signEveryMs?: number;
  readonly verifyEveryMs?: number;
}

const DAY_MS = 86_400_000;

/**
 * Verifies the end of the ledger, then goes on beside the running program: signs a checkpoint soon after something was
 * appended, by whichever replica, and verifies every entry, now and once a day. Resolves when the end is verified:
 * nothing may be executed before. What is found wrong freezes until the program is started on a ledger that is sound.
 */
export async function watchLedger(
  context: LedgerContext,
  { signEveryMs = 1_000, verifyEveryMs = DAY_MS }: WatchOptions = {},
): Promise<LedgerWatch> {
  takeVerdict(context, await verifyNewestEntries(context.ledger.book));
  const verifying = repeat(context, verifyEveryMs, () => verifyNow(context));
  const signing = repeat(context, signEveryMs, signWhatIsNew(context));
  return {
    stop: async () => {
      await Promise.all([verifying.stop(), signing.stop()]);
    },
  };
}

/** Verifies every entry of the ledger, and freezes if one is wrong. */
export async function verifyNow(context: LedgerContext): Promise<LedgerVerdict> {
  const verdict = await verifyWholeLedger(context.ledger.book);
  takeVerdict(context, verdict);
  return verdict;
}

/** Signs a checkpoint of everything committed by now, and freezes if that would contradict an earlier one. */
export async function signNow(context: LedgerContext): Promise<Signed> {
  const signed = await signLedger(context.ledger.book);
  if (signed.ok) gauge(context, 'size', Number(signed.size));
  else freeze(context, signed.faults);
  return signed;
}

function signWhatIsNew(context: LedgerContext): () => Promise<void> {
  let signedSize: bigint | null = null;
  return async () => {
    const head = await readHead(context.ledger.book.db);
    if (head !== null && head.size === signedSize) return;
    const signed = await signNow(context);
    if (signed.ok) signedSize = signed.size;
  };
}

function takeVerdict(context: LedgerContext, verdict: LedgerVerdict): void {
  const { sound, whole, size, faults } = verdict;
  gauge(context, 'size', Number(size));
  if (sound) {
    gauge(context, 'frozen', context.ledger.frozen === null ? 0 : 1);
    context.log.info({ size, whole }, 'the ledger verifies');
  } else {
    freeze(context, faults);
  }
}

function freeze(context: LedgerContext, faults: readonly LedgerFault[]): void {
  gauge(context, 'frozen', 1);
  if (context.ledger.frozen !== null) return;
  const [fault] = faults;
  const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
  const because =
    fault === undefined ? 'the ledger does not verify' : `${fault.code}: ${fault.message}${more}`;
  context.ledger.frozen = because;
  context.log.error({ faults }, `the ledger does not verify, nothing may be executed: ${because}`);
}

const GAUGES = {
  frozen: ['interlock_ledger_frozen', 'Whether the ledger does not verify, so that nothing may be executed.'],
  size: ['interlock_ledger_size', 'Entries of the ledger when it was last signed or verified.'],
} as const;

function gauge({ metrics }: LedgerContext, which: keyof typeof GAUGES, value: number): void {
  const [name, help] = GAUGES[which];
  metrics.declare(name, 'gauge', help);
  metrics.set(name, {}, value);
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
