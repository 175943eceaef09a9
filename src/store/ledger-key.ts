import { hkdfSync, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { sameHash } from '../kernel/ledger/hash.ts';
import {
  formatSignerKey,
  formatVerifierKey,
  isKeyName,
  parseSignerKey,
  verifierKey,
} from '../kernel/ledger/key.ts';
import type { KeyType, VerifierKey } from '../kernel/ledger/key.ts';
import type { SignMessage } from '../kernel/ledger/note.ts';
import { createFile, readIfThere } from './durable-file.ts';
import { ed25519Signer, sha256 } from './ledger-crypto.ts';

/** The key that signs the log's checkpoints, its name the log's origin; or the one by which a witness cosigns. */
export interface LogKey {
  readonly verifier: VerifierKey;
  /** The verifier key as text, for everybody who wants to verify. */
  readonly vkey: string;
  readonly signMessage: SignMessage;
  /** 32 secret bytes for one purpose (HKDF-SHA256, RFC 5869): nothing of the key can be told from them. */
  readonly derive: (purpose: string) => Uint8Array;
}

/** The signing key cannot be used. The message is one line for the operator and holds no part of the key. */
export class LogKeyError extends Error {
  override readonly name = 'LogKeyError';
}

/** Reads the signing key from its file (one line, as Go's `note` writes it), or `null` if there is no such file. */
export async function readLogKey(path: string, type: KeyType = 'note'): Promise<LogKey | null> {
  const bytes = await readIfThere(path);
  if (bytes === null) return null;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw new LogKeyError(
      `expected \`${path}\` to be readable by its owner alone (chmod 600), got \`${octal(mode)}\``,
    );
  }
  const parsed = parseSignerKey(Buffer.from(bytes).toString('utf8').trim(), type);
  if (!parsed.ok) throw new LogKeyError(`${parsed.because} in \`${path}\``);
  const { name, id, seed } = parsed.key;
  const key = logKey(name, seed, type);
  if (!sameHash(key.verifier.id, id))
    throw new LogKeyError(`expected a key with the id of its name in \`${path}\``);
  return key;
}

/** Makes a signing key of this name, for a log its origin, in a file that only its owner can read, unless one is there already. */
export async function createLogKey(
  path: string,
  name: string = newOrigin(),
  type: KeyType = 'note',
): Promise<LogKey> {
  if (!isKeyName(name))
    throw new LogKeyError(`expected a name without white space and plus, got \`${name}\``);
  const seed = randomBytes(32);
  const { verifier } = logKey(name, seed, type);
  await createFile(path, `${formatSignerKey({ name, id: verifier.id, seed }, type)}\n`);
  const key = await readLogKey(path, type);
  if (key === null) throw new LogKeyError(`expected the new signing key at \`${path}\`, got nothing`);
  return key;
}

function logKey(name: string, seed: Uint8Array, type: KeyType): LogKey {
  const { publicKey, signMessage } = ed25519Signer(seed);
  const verifier = verifierKey(sha256, name, publicKey, type);
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', seed, '', `interlock ${purpose}`, 32));
  return { verifier, vkey: formatVerifierKey(verifier, type), signMessage, derive };
}

/** No two logs share an origin: whoever watches several tells them apart by it. */
function newOrigin(): string {
  return `interlock.local/ledger/${randomBytes(6).toString('hex')}`;
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
