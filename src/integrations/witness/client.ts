import type { Witness } from '../../app/ports/witness.ts';
import type { VerifierKey } from '../../kernel/ledger/key.ts';
import { askOutside } from '../outbound/request.ts';

/** Who asks for a checkpoint waits for the witnesses too: not for long. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 65_536;

/** The witness with this key at an address of the configuration. */
export function witnessAt(url: string, key: VerifierKey): Witness {
  return {
    key,
    addCheckpoint: (body) =>
      askOutside({
        url: `${url.replace(/\/$/, '')}/add-checkpoint`,
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: Buffer.from(body, 'utf8'),
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        // The operator named it, not a person.
        allowPrivate: true,
      }),
  };
}
