import { ledgerVerdict, type LedgerVerdict } from '../contract/ledger.ts';
import { parseCheckpoint } from '../kernel/ledger/checkpoint.ts';
import { tilePath, tilesOf } from '../kernel/ledger/tile.ts';
import { fromUtf8 } from '../kernel/ledger/utf8.ts';
import { AppError } from '../contract/errors.ts';
import type { Client } from './client.ts';

/** One file of the log as other people's programs read it. `path` is relative, with slashes. */
export interface LedgerFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A ledger that can be asked: the one of the running server, or the one of a data folder. */
export interface LedgerSource {
  /** Verifies every entry. */
  verify(): Promise<LedgerVerdict>;
  /** Signs a checkpoint and gives every file under it, the checkpoint last. */
  files(): AsyncIterable<LedgerFile>;
  close(): Promise<void>;
}

const PREFIX = '/api/v1/ledger';

/** The ledger of the server that a client asks. */
export function servedLedger(client: Client): LedgerSource {
  return {
    verify: () => client.ask('POST', `${PREFIX}/verify`, { answer: ledgerVerdict }),
    files: () => servedFiles(client),
    close: async () => undefined,
  };
}

async function* servedFiles(client: Client): AsyncGenerator<LedgerFile> {
  const checkpoint = await client.download('POST', `${PREFIX}/checkpoint`);
  const size = sizeOf(checkpoint);
  yield { path: 'log.vkey', bytes: await client.download('GET', `${PREFIX}/log.vkey`) };
  for (const tile of tilesOf(size)) {
    const path = tilePath(tile);
    yield { path, bytes: await client.download('GET', `${PREFIX}/${path}`) };
  }
  yield { path: 'checkpoint', bytes: checkpoint };
}

/** How many entries a checkpoint covers. Whether it is signed is for whoever verifies the export. */
export function sizeOf(checkpoint: Uint8Array): bigint {
  const note = fromUtf8(checkpoint) ?? '';
  const parsed = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  if (!parsed.ok) throw new AppError('internal', `${parsed.because} in the checkpoint of the server`);
  return parsed.checkpoint.size;
}
