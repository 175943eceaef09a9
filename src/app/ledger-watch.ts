import type { LedgerFault, LedgerVerdict } from '../contract/ledger.ts';
import type { AppContext } from './context.ts';
import { frozenBecause, verifyNewestEntries, verifyWholeLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { startSigning } from './ledger-signing.ts';
import type { Signed } from './ledger-sign.ts';

/** A ledger that is signed and verified as long as the program runs. */
export interface LedgerWatch {
  /** Verifies every entry now. Who asks while one runs gets its result. */
  verifyNow(): Promise<LedgerVerdict>;
  /** Signs a checkpoint of everything committed by now. */
  signNow(): Promise<Signed>;
  stop(): Promise<void>;
}

export interface WatchOptions {
  readonly signEveryMs?: number;
  readonly verifyEveryMs?: number;
}

type Told = Pick<AppContext, 'ledger' | 'log' | 'metrics'>;

const DAY_MS = 86_400_000;

/**
 * Verifies the end of the ledger, then starts to sign, and to verify the whole of it behind the running program: now and
 * once a day. Resolves when the end is verified: nothing may be executed before. What is found wrong freezes
 * (`context.ledger.frozen`) until the program is started anew on a ledger that is sound.
 */
export async function watchLedger(
  ledger: Ledger,
  context: Told,
  { signEveryMs = 1_000, verifyEveryMs = DAY_MS }: WatchOptions = {},
): Promise<LedgerWatch> {
  declareMetrics(context);
  take(context, await verifyNewestEntries(ledger));
  const signing = startSigning(ledger, {
    everyMs: signEveryMs,
    onSigned: (signed) => takeSigned(context, signed),
    onError: (error) =>
      context.log.warn({ error: String(error) }, 'the ledger could not be signed; trying again'),
  });
  const verifyNow = shared(async () => {
    const verdict = await verifyWholeLedger(ledger);
    take(context, verdict);
    return verdict;
  });
  const verifying = repeat(verifyNow, verifyEveryMs, (error) => {
    context.log.warn({ error: String(error) }, 'the ledger could not be verified; trying again');
  });
  return {
    verifyNow,
    signNow: () => signing.signNow(),
    stop: async () => {
      await verifying.stop();
      await signing.stop();
    },
  };
}

function declareMetrics({ metrics }: Told): void {
  metrics.declare(
    'interlock_ledger_frozen',
    'gauge',
    'Whether the ledger does not verify, so that nothing may be executed.',
  );
  metrics.declare(
    'interlock_ledger_size',
    'gauge',
    'Entries of the ledger at its last signature or verification.',
  );
  metrics.set('interlock_ledger_frozen', {}, 0);
}

function take(context: Told, verdict: LedgerVerdict): void {
  context.metrics.set('interlock_ledger_size', {}, Number(verdict.size));
  const because = frozenBecause(verdict);
  if (because === null) {
    context.log.info({ size: verdict.size, whole: verdict.whole }, 'the ledger verifies');
    return;
  }
  freeze(context, because, verdict.faults);
}

function takeSigned(context: Told, signed: Signed): void {
  if (signed.ok) {
    context.metrics.set('interlock_ledger_size', {}, Number(signed.size));
    return;
  }
  freeze(context, signed.faults[0]?.message ?? 'the ledger contradicts its last checkpoint', signed.faults);
}

function freeze(context: Told, because: string, faults: readonly LedgerFault[]): void {
  if (context.ledger.frozen === null) {
    context.log.error({ faults }, `the ledger does not verify, everything is frozen: ${because}`);
  }
  context.ledger.frozen ??= because;
  context.metrics.set('interlock_ledger_frozen', {}, 1);
}

/** Runs now and then again and again, never twice at once. */
function repeat(work: () => Promise<unknown>, everyMs: number, onError: (error: unknown) => void) {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = running.then(work).then(() => undefined, onError);
  };
  run();
  const timer = setInterval(run, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** Who calls while the work runs waits for the same result. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}
