import { fromBase64, toBase64 } from './base64.ts';
import { sameHash } from './hash.ts';
import type { Hash } from './hash.ts';
import { refused } from './refusal.ts';
import type { Refused } from './refusal.ts';
import { toUtf8 } from './utf8.ts';

/** What an Ed25519 key signs: notes (c2sp.org/signed-note), or cosignatures with a time (c2sp.org/tlog-cosignature). */
export type KeyType = 'note' | 'cosignature';

/** The public half of an Ed25519 key. `id` has 4 bytes and depends on the type, `publicKey` has 32. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The private half: `seed` has 32 bytes (RFC 8032). */
export interface SignerKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly seed: Uint8Array;
}

const TYPE_BYTE = { note: 0x01, cosignature: 0x04 } as const satisfies Record<KeyType, number>;
const KEY_BYTES = 32;
const ID_BYTES = 4;
const SIGNER_PREFIX = 'PRIVATE+KEY+';

/** The key of this name with the id that the specification recommends. */
export function verifierKey(
  hash: Hash,
  name: string,
  publicKey: Uint8Array,
  type: KeyType = 'note',
): VerifierKey {
  const head = toUtf8(`${name}\n`);
  const id = hash(joined(head, typed(publicKey, type))).slice(0, ID_BYTES);
  return { name, id, publicKey };
}

/** `name+hex(id)+base64(type ‖ public key)`, as programs that verify expect it. */
export function formatVerifierKey(key: VerifierKey, type: KeyType = 'note'): string {
  return `${key.name}+${toHex(key.id)}+${toBase64(typed(key.publicKey, type))}`;
}

/** Reads `name+hex(id)+base64(type ‖ public key)`; the id must be the one that name, type and key demand. */
export function parseVerifierKey(
  hash: Hash,
  text: string,
  type: KeyType = 'note',
): { ok: true; key: VerifierKey } | Refused {
  const parts = parseParts(text, 'a verifier key `name+id+key`', type);
  if (!parts.ok) return parts;
  const key = verifierKey(hash, parts.name, parts.bytes, type);
  if (toHex(key.id) !== parts.id) return refused(`expected the key id ${toHex(key.id)}, got \`${parts.id}\``);
  return { ok: true, key };
}

/** `PRIVATE+KEY+name+hex(id)+base64(type ‖ seed)`, for notes the form that Go's `note.NewSigner` reads. A secret. */
export function formatSignerKey(key: SignerKey, type: KeyType = 'note'): string {
  return `${SIGNER_PREFIX}${key.name}+${toHex(key.id)}+${toBase64(typed(key.seed, type))}`;
}

/** Reads a signer key. The id is checked by who derives the public key. No part of the text is in a refusal. */
export function parseSignerKey(text: string, type: KeyType = 'note'): { ok: true; key: SignerKey } | Refused {
  const wanted = 'a signing key `PRIVATE+KEY+name+id+key`';
  if (!text.startsWith(SIGNER_PREFIX)) return refused(`expected ${wanted}`);
  const parts = parseParts(text.slice(SIGNER_PREFIX.length), wanted, type);
  if (!parts.ok) return parts;
  const id = new Uint8Array(ID_BYTES).map((_, i) => Number.parseInt(parts.id.slice(2 * i, 2 * i + 2), 16));
  return { ok: true, key: { name: parts.name, id, seed: parts.bytes } };
}

/** Whether a key or a signature line may bear this name: not empty, no white space, no plus. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\s\u0085+]/u.test(name);
}

/** Whether both name and id are the same: together they identify a key. */
export function isSameKey(a: VerifierKey, name: string, id: Uint8Array): boolean {
  return a.name === name && sameHash(a.id, id);
}

function parseParts(
  text: string,
  wanted: string,
  type: KeyType,
): { ok: true; name: string; id: string; bytes: Uint8Array } | Refused {
  // base64 may hold a plus, a name and an id never do.
  const match = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/u.exec(text);
  const [, name = '', id = '', base64 = ''] = match ?? [];
  const bytes = fromBase64(base64);
  if (!match || !isKeyName(name) || bytes === null) return refused(`expected ${wanted}`);
  if (bytes[0] !== TYPE_BYTE[type] || bytes.length !== 1 + KEY_BYTES) {
    return refused(`expected an Ed25519 key (type ${TYPE_BYTE[type]}, ${KEY_BYTES} bytes) in ${wanted}`);
  }
  return { ok: true, name, id, bytes: bytes.subarray(1) };
}

function typed(key: Uint8Array, type: KeyType): Uint8Array {
  return joined(Uint8Array.of(TYPE_BYTE[type]), key);
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
