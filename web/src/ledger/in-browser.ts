import type { Hash } from '../../../src/kernel/ledger/hash.ts';
import type { VerifySignature } from '../../../src/kernel/ledger/note.ts';

/** What the kernel's verification is given: the browser's own SHA-256 and Ed25519. */
export interface Platform {
  readonly hash: Hash;
  readonly verify: VerifySignature;
}

/** Something that the browser is still to compute. */
class Awaited extends Error {
  readonly done: Promise<void>;

  constructor(done: Promise<void>) {
    super('expected an answer of the browser, got none yet');
    this.name = 'Awaited';
    this.done = done;
  }
}

/**
 * Runs the kernel's code, which is pure and does not wait, on WebCrypto, which does: whatever is not known yet is computed, and the
 * code runs again from its beginning. A proof has some twenty hashes, so this is quick.
 */
export async function inBrowser<T>(work: (platform: Platform) => T): Promise<T> {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined) throw new Error('The browser verifies only what came over HTTPS.');
  const hashes = new Map<string, Uint8Array>();
  const signatures = new Map<string, boolean>();
  const platform: Platform = {
    hash: (bytes) =>
      known(hashes, bytes.join(), async () => new Uint8Array(await subtle.digest('SHA-256', owned(bytes)))),
    verify: (publicKey, message, signature) =>
      known(signatures, [publicKey, message, signature].join('|'), async () => {
        const key = await subtle.importKey('raw', owned(publicKey), 'Ed25519', false, ['verify']);
        return subtle.verify('Ed25519', key, owned(signature), owned(message));
      }),
  };
  for (;;) {
    try {
      return work(platform);
    } catch (error) {
      if (!(error instanceof Awaited)) throw error;
      await error.done;
    }
  }
}

function known<T>(answers: Map<string, T>, question: string, compute: () => Promise<T>): T {
  const answer = answers.get(question);
  if (answer !== undefined) return answer;
  throw new Awaited(compute().then((computed) => void answers.set(question, computed)));
}

/** A copy whose memory is nobody else's, as WebCrypto wants it. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
