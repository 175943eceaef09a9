import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { verifierKey } from '../../../src/kernel/ledger/key.ts';
import type { VerifierKey } from '../../../src/kernel/ledger/key.ts';

/**
 * What the kernel is given, made of Node's own crypto and of nothing that the product uses. No `Buffer` comes out:
 * it never equals the same bytes as `Uint8Array`.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, message, key, signature);
}

/** A key pair that is the same at every run. */
export function testKey(name: string): { key: VerifierKey; sign: (message: Uint8Array) => Uint8Array } {
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    createHash('sha256').update(name).digest(),
  ]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    key: verifierKey(sha256, name, new Uint8Array(Buffer.from(x, 'base64url'))),
    sign: (message) => sign(null, message, privateKey),
  };
}

export function base64(encoded: string): Uint8Array {
  return new Uint8Array(Buffer.from(encoded, 'base64'));
}

export function bytesOf(content: string): Uint8Array {
  return new Uint8Array(Buffer.from(content, 'utf8'));
}
