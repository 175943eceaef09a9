import {
  consistencyProof,
  ledgerPage,
  ledgerVerdict,
  type ConsistencyProof,
  type LedgerVerdict,
} from '../contract/ledger.ts';
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
  /** Where it is read; the address of a database may hold a password and is not told. */
  readonly of:
    | { readonly kind: 'server'; readonly url: string }
    | { readonly kind: 'folder'; readonly path: string }
    | { readonly kind: 'database' };
  /** Verifies every entry. */
  verify(): Promise<LedgerVerdict>;
  /** Signs a checkpoint and gives every file under it, the checkpoint last. */
  files(): AsyncIterable<LedgerFile>;
  /** Signs a checkpoint and proves under it one entry by its index, or all about an object (`change/CHG-1`): a file each. */
  prove(about: bigint | string): AsyncIterable<LedgerFile>;
  /** Proves that the log of one size is the beginning of another, or of what is recorded now. */
  consistency(from: bigint, to: bigint | undefined): Promise<ConsistencyProof>;
  close(): Promise<void>;
}

const PREFIX = '/api/v1/ledger';

/** The ledger of the server that a client asks. */
export function servedLedger(client: Client): LedgerSource {
  return {
    of: { kind: 'server', url: client.url },
    verify: () => client.ask('POST', `${PREFIX}/verify`, { answer: ledgerVerdict }),
    files: () => servedFiles(client),
    prove: (about) => servedProofs(client, about),
    consistency: (from, to) => {
      const upTo = to === undefined ? '' : `&to=${to}`;
      return client.ask('GET', `${PREFIX}/consistency?from=${from}${upTo}`, { answer: consistencyProof });
    },
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

async function* servedProofs(client: Client, about: bigint | string): AsyncGenerator<LedgerFile> {
  await client.download('POST', `${PREFIX}/checkpoint`);
  for await (const index of typeof about === 'bigint' ? [about] : servedIndexes(client, about)) {
    const bytes = await client.download('GET', `${PREFIX}/entries/${index}/proof`);
    yield { path: proofName(about, index), bytes };
  }
}

async function* servedIndexes(client: Client, object: string): AsyncGenerator<bigint> {
  for (let next: string | null = '0'; next !== null;) {
    const path: string = `${PREFIX}/entries?limit=1000&from=${next}&object=${encodeURIComponent(object)}`;
    const page = await client.ask('GET', path, { answer: ledgerPage });
    for (const { index } of page.entries) yield BigInt(index);
    ({ next } = page);
  }
}

/** What the file of a proof is called: `12.tlog-proof`, or `CHG-1.12.tlog-proof` among those about a request. */
export function proofName(about: bigint | string, index: bigint): string {
  const of = typeof about === 'bigint' ? '' : `${about.slice(about.indexOf('/') + 1)}.`;
  return `${of}${index}.tlog-proof`;
}

/** How many entries a checkpoint covers. Whether it is signed is for whoever verifies the export. */
export function sizeOf(checkpoint: Uint8Array): bigint {
  const note = fromUtf8(checkpoint) ?? '';
  const parsed = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  if (!parsed.ok) throw new AppError('internal', `${parsed.because} in the checkpoint of the server`);
  return parsed.checkpoint.size;
}
