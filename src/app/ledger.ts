import type { LedgerVerdict } from '../contract/ledger.ts';
import type { Database } from '../store/database.ts';
import { readIfThere } from '../store/durable-file.ts';
import { readLastCheckpoint } from '../store/ledger-checkpoints.ts';
import { createLogKey, LogKeyError, readLogKey } from '../store/ledger-key.ts';
import type { LogKey } from '../store/ledger-key.ts';
import { verifyNewest } from '../store/ledger-newest.ts';
import { comparePopulation } from '../store/ledger-population.ts';
import { compareProofs } from '../store/ledger-proofs.ts';
import { MAX_FAULTS } from '../store/ledger-reading.ts';
import { nameSigner, readSigner } from '../store/ledger-signer.ts';
import { verifyLedger } from '../store/ledger-verify.ts';
import type { LedgerTrust } from '../store/ledger-verify.ts';

/** The ledger with what is kept of it outside the database. */
export interface Ledger {
  readonly db: Database;
  /** The signing key. */
  readonly key: LogKey;
  /** The file that holds the newest signed checkpoint. */
  readonly anchorFile: string;
  /** Whether that file must exist as soon as a checkpoint was signed. */
  readonly anchorRequired: boolean;
  /** Runs one thing after the other: two signatures at once could leave the older checkpoint in the file. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface LedgerFiles {
  readonly keyFile: string;
  readonly anchorFile: string;
  /**
   * Whether the file with the newest checkpoint outlives the program. Where the program runs on a disk of its own each
   * time, it does not, and a restored backup is seen only by whoever kept a checkpoint elsewhere.
   */
  readonly anchorRequired: boolean;
}

/**
 * Opens the ledger of a migrated database. Its signing key is made at the first start; later its absence is an error,
 * for a new key could not continue what the old one signed. Servers of one database hold the same key: two that start at once
 * make one log, and the other is told whose key it needs.
 *
 * @throws {LogKeyError}
 */
export async function openLedger(db: Database, files: LedgerFiles): Promise<Ledger> {
  const { anchorFile, anchorRequired } = files;
  const key = (await readLogKey(files.keyFile)) ?? (await makeKey(db, files));
  const signer = await nameSigner(db, key.vkey);
  if (signer !== key.vkey) {
    throw new LogKeyError(
      `expected the key that signs this ledger, \`${signer}\`, at \`${files.keyFile}\`, got \`${key.vkey}\`: name the right file by INTERLOCK_LEDGER_KEY_FILE, or copy it from a server that has it`,
    );
  }
  return { db, key, anchorFile, anchorRequired, inTurn: queue() };
}

/**
 * Verifies every entry, that the requests are those that the ledger knows, and that the proofs of monitoring are those that decisions
 * rested on. Takes seconds for a hundred thousand; others go on meanwhile.
 */
export async function verifyWholeLedger(ledger: Ledger): Promise<LedgerVerdict> {
  // At once: the database compares while the entries are hashed here.
  const [verdict, ...beside] = await Promise.all([
    verifyLedger(ledger.db, trustOf(ledger)),
    comparePopulation(ledger.db),
    compareProofs(ledger.db),
  ]);
  const faults = [...verdict.faults, ...beside.flat()];
  return { ...verdict, sound: faults.length === 0, faults: faults.slice(0, MAX_FAULTS) };
}

/** Verifies head, newest entries and newest checkpoints: before anything is executed after a start. */
export async function verifyNewestEntries(ledger: Ledger): Promise<LedgerVerdict> {
  return verifyNewest(ledger.db, trustOf(ledger));
}

/** What is believed of the ledger without the database. */
export function trustOf({ key, anchorFile, anchorRequired }: Ledger): LedgerTrust {
  return { key: key.verifier, readAnchor: () => readIfThere(anchorFile), anchorRequired };
}

async function makeKey(db: Database, { keyFile, anchorFile }: LedgerFiles): Promise<LogKey> {
  const signed = (await readLastCheckpoint(db)) !== null || (await readIfThere(anchorFile)) !== null;
  if (!signed && (await readSigner(db)) === null) return createLogKey(keyFile);
  // Another server that starts with the same file may have made it since it was looked for.
  const made = await readLogKey(keyFile);
  if (made !== null) return made;
  throw new LogKeyError(
    `expected the signing key of this ledger at \`${keyFile}\`, got no file: restore it, name it by INTERLOCK_LEDGER_KEY_FILE, or copy it from a server that has it; a new key cannot continue the log`,
  );
}

function queue(): Ledger['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
