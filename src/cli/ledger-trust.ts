import { createPublicKey, hash, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import { parseVerifierKey, type KeyType, type VerifierKey } from '../kernel/ledger/key.ts';
import type { VerifySignature } from '../kernel/ledger/note.ts';
import type { CliContext } from './context.ts';

/** SHA-256: what is checked here is checked with nothing but Node and the kernel. */
export const sha256: Hash = (bytes) => hash('sha256', bytes, 'buffer');

export const verifyEd25519: VerifySignature = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString('base64url');
  return verify(
    null,
    message,
    createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
    signature,
  );
};

/** The key in a file of one line, as `ledger export` and `witness` write it. @throws {AppError} `invalid` */
export async function readKeyFile(
  context: Pick<CliContext, 'cwd'>,
  file: string,
  type: KeyType = 'note',
): Promise<VerifierKey> {
  const text = Buffer.from(await readGivenFile(context, file)).toString('utf8');
  const parsed = parseVerifierKey(sha256, text.trim(), type);
  if (!parsed.ok) throw new AppError('invalid', `${parsed.because} in \`${file}\``);
  return parsed.key;
}

/** A file that a person named. @throws {AppError} `invalid` */
export async function readGivenFile({ cwd }: Pick<CliContext, 'cwd'>, file: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (cause) {
    throw new AppError('invalid', `expected a file that can be read, got \`${file}\``, { cause });
  }
}
