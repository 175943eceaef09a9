import { hash, randomBytes } from 'node:crypto';

/** What a secret opens, by its first characters: an API token, a bastion's key, a session's cookie, an address of calendars. */
const PREFIX = { token: 'ilk_', bastion: 'ilb_', session: 'ils_', calendar: 'ilc_' } as const;
export type SecretKind = keyof typeof PREFIX;

const SECRET_BYTES = 32;
const SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** A secret, in clear for the one answer that shows it, and as it is stored. */
export interface NewSecret {
  readonly text: string;
  readonly hash: Uint8Array;
}

export function newSecret(kind: SecretKind): NewSecret {
  const text = PREFIX[kind] + randomBytes(SECRET_BYTES).toString('base64url');
  return { text, hash: sha256(text) };
}

/**
 * The stored form of a presented secret, or `null` if it cannot be one. It has 256 random bits, so a plain hash keeps it;
 * looking the hash up in an index tells an attacker who measures time nothing about the secret.
 */
export function secretHash(kind: SecretKind, text: string): Uint8Array | null {
  const prefix = PREFIX[kind];
  return text.startsWith(prefix) && SHAPE.test(text.slice(prefix.length)) ? sha256(text) : null;
}

/** An id that says what it names: `tok_…`. Not secret, never guessable into a meaning. */
export function newId(kind: 'tok' | 'ses' | 'bas' | 'hook' | 'msg' | 'cal'): string {
  return `${kind}_${randomBytes(9).toString('base64url')}`;
}

function sha256(text: string): Uint8Array {
  return hash('sha256', text, 'buffer');
}
