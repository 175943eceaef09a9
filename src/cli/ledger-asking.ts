import { AppError } from '../contract/errors.ts';
import type { CliContext } from './context.ts';
import { servedLedger, type LedgerSource } from './ledger-source.ts';
import { note } from './print.ts';

/** Asks the running server; where nobody answers, the data folder is ours to open. */
export async function asking<T>(context: CliContext, ask: (source: LedgerSource) => Promise<T>): Promise<T> {
  const client = context.client();
  try {
    return await ask(servedLedger(client));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
  }
  const instead = context.env['DATABASE_URL'] ? 'the database of DATABASE_URL' : 'the data folder';
  note(context, `No server answers at ${client.url}: reading ${instead}.`);
  const source = await context.programs.openLedger();
  try {
    return await ask(source);
  } finally {
    await source.close();
  }
}
