import { readHead } from '../store/ledger.ts';
import type { Ledger } from './ledger.ts';
import { signLedger } from './ledger-sign.ts';
import type { Signed } from './ledger-sign.ts';

/** The running signer of a ledger. */
export interface Signing {
  /** Signs what is committed by now. Waits for a signature that is being made. */
  signNow(): Promise<Signed>;
  stop(): Promise<void>;
}

export interface SigningOptions {
  /** How often it is looked whether something was appended: so long, at most, an entry stands unsigned. */
  readonly everyMs?: number;
  /** Told of each signature made or refused. */
  readonly onSigned: (signed: Signed) => void;
  /** Told when it could not be looked, such as while the database is away; it is tried again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Signs a checkpoint soon after something was appended, by whichever replica it was: one a period at most, however much
 * was appended.
 */
export function startSigning(
  ledger: Ledger,
  { everyMs = 1_000, onSigned, onError }: SigningOptions,
): Signing {
  let signedSize: bigint | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const signNow = () => {
    const turn = queue.then(async () => {
      const signed = await signLedger(ledger);
      if (signed.ok) signedSize = signed.size;
      onSigned(signed);
      return signed;
    });
    queue = turn.catch(() => undefined);
    return turn;
  };
  const look = async () => {
    try {
      const head = await readHead(ledger.db);
      if (head?.size !== signedSize) await signNow();
    } catch (error) {
      onError(error);
    }
  };
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs);
  return {
    signNow,
    stop: async () => {
      clearInterval(timer);
      await looking;
      await queue;
    },
  };
}
