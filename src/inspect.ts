import { existsSync } from 'node:fs';
import type { AppContext, Log } from './app/context.ts';
import { examine } from './app/examine.ts';
import { verifyNewestEntries, verifyWholeLedger } from './app/ledger.ts';
import { indexesOf, ledgerFiles, proveContinues, proveEntry } from './app/ledger-files.ts';
import type { Ledger } from './app/ledger.ts';
import { signLedger } from './app/ledger-sign.ts';
import { ensureProof } from './app/monitoring/monitoring.ts';
import { proofName, type LedgerFile, type LedgerSource } from './cli/ledger-source.ts';
import type { Config } from './config.ts';
import type { Finding } from './contract/doctor.ts';
import { AppError } from './contract/errors.ts';
import { openDataFolder } from './embedded/data-folder.ts';
import { connect, loadPolicy, openContext } from './open-context.ts';
import { ofDatabase } from './reach-database.ts';
import { readPlansAside } from './read-plans-aside.ts';

/** A data folder without its server, opened for one command. */
interface Opened {
  readonly context: AppContext;
  readonly close: () => Promise<void>;
}

async function openFolder(config: Config, log: Log): Promise<Opened> {
  const policy = await loadPolicy(config);
  if (config.databaseUrl === null && !existsSync(config.dataDir)) {
    throw new AppError(
      'not_found',
      `expected the data folder of a server, got nothing at \`${config.dataDir}\`: name it by INTERLOCK_DATA`,
    );
  }
  const folder =
    config.databaseUrl === null
      ? await openDataFolder({ dataDir: config.dataDir, log: (line) => log.info({}, line) })
      : { url: config.databaseUrl, close: () => Promise.resolve() };
  const db = connect(folder.url, log);
  const plans = readPlansAside(policy.policy);
  const close = async () => {
    await plans.close();
    await db.destroy();
    await folder.close();
  };
  try {
    return { context: await openContext(config, db, { policy, log, plans }), close };
  } catch (error) {
    await close();
    throw ofDatabase(config, error);
  }
}

/** Looks at a data folder whose server does not run, as that server would look at itself. */
export async function inspectFolder(config: Config, log: Log): Promise<readonly Finding[]> {
  const part = 'data folder';
  try {
    const { context, close } = await openFolder(config, log);
    try {
      const { sound, faults } = await verifyNewestEntries(context.ledger.book);
      if (!sound) context.ledger.frozen = faults[0]?.message ?? 'it does not verify';
      for (const environment of context.policy.policy.environments.keys())
        await ensureProof(context, { environment, targets: null });
      const { findings } = await examine(context);
      return [
        { part, status: 'ok', text: config.databaseUrl === null ? config.dataDir : 'DATABASE_URL' },
        ...findings,
      ];
    } finally {
      await close();
    }
  } catch (error) {
    return [{ part, status: 'wrong', text: error instanceof Error ? error.message : String(error) }];
  }
}

/** Opens the ledger of a data folder whose server does not run. */
export async function openFolderLedger(config: Config, log: Log): Promise<LedgerSource> {
  const { context, close } = await openFolder(config, log);
  const of: LedgerSource['of'] =
    config.databaseUrl === null ? { kind: 'folder', path: config.dataDir } : { kind: 'database' };
  return { ...ledgerSource(context.ledger.book), of, close };
}

/** A ledger that is at hand, as the command line asks for it. */
export function ledgerSource(book: Ledger): Omit<LedgerSource, 'of' | 'close'> {
  return {
    verify: () => verifyWholeLedger(book),
    files: async function* files() {
      yield* ledgerFiles(book, await signLedger(book));
    },
    prove: (about) => proofs(book, about),
    consistency: async (from, to) => {
      const expected = 'expected sizes from 1 up to that of the ledger';
      const proof = await proveContinues(book, from, to);
      if (proof === null)
        throw new AppError('invalid', `${expected}, got \`${from}\` and \`${to ?? 'now'}\``);
      return proof;
    },
  };
}

async function* proofs(book: Ledger, about: bigint | string): AsyncGenerator<LedgerFile> {
  const signed = await signLedger(book);
  if (!signed.ok) throw new AppError('ledger_frozen', undefined, { details: { faults: signed.faults } });
  for (const index of typeof about === 'bigint' ? [about] : await indexesOf(book, about)) {
    const proof = await proveEntry(book, index);
    if (proof === null) throw new AppError('not_found', `expected an entry ${index}, got none`);
    yield { path: proofName(about, index), bytes: Buffer.from(proof) };
  }
}
