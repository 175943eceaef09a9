import type { VerifierKey } from '../../kernel/ledger/key.ts';

/** A witness of the ledger, as the server asks it (c2sp.org/tlog-witness). */
export interface Witness {
  /** By which its cosignatures are known; the key's name is the witness's. */
  readonly key: VerifierKey;
  /** Hands it a checkpoint. @throws where it does not answer in time. */
  addCheckpoint(body: string): Promise<{ readonly status: number; readonly body: Uint8Array }>;
}
