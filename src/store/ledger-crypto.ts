import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Hash } from '../kernel/ledger/hash.ts';
import type { SignMessage, VerifySignature } from '../kernel/ledger/note.ts';

/** SHA-256, in the form that the kernel is given. */
export const sha256: Hash = (bytes) => hash('sha256', bytes, 'buffer');

/** The fixed beginning of an Ed25519 private key in PKCS #8 (RFC 8410 section 7): the 32 bytes of the seed follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A verifier of Ed25519 signatures that parses each public key once, which costs more than a signature. */
export function ed25519Verifier(): VerifySignature {
  const parsed = new Map<string, KeyObject>();
  return (publicKey, message, signature) => {
    const x = Buffer.from(publicKey).toString('base64url');
    let key = parsed.get(x);
    if (key === undefined) {
      key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      parsed.set(x, key);
    }
    return verify(null, message, key, signature);
  };
}

/** The public key of an Ed25519 seed, and a function that signs with it. */
export function ed25519Signer(seed: Uint8Array): { publicKey: Uint8Array; signMessage: SignMessage } {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new Error('expected an Ed25519 key with a public part, got none');
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    signMessage: (message) => sign(null, message, key),
  };
}
