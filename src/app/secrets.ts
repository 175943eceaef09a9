import { hash, randomBytes, randomInt } from 'node:crypto';

/**
 * What a secret opens, by its first characters: an API token, a bastion's key, a session's cookie, an address of calendars, a way
 * to the provider.
 */
const PREFIX = { token: 'ilk_', bastion: 'ilb_', session: 'ils_', calendar: 'ilc_', flow: 'ilf_' } as const;
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

/** Without those that look like others. */
const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_LENGTH = 10;

/** A code that a person reads in the browser and types at a terminal: 49 random bits, good once and only with what that keeps. */
export function newCode(): NewSecret {
  const letters = Array.from(
    { length: CODE_LENGTH },
    () => CODE_LETTERS[randomInt(CODE_LETTERS.length)],
  ).join('');
  return { text: `${letters.slice(0, 5)}-${letters.slice(5)}`, hash: codeHash(letters) };
}

/** The stored form of a code, however it was typed. */
export function codeHash(text: string): Uint8Array {
  return sha256(text.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''));
}

/** An id that says what it names: `tok_…`. Not secret, never guessable into a meaning. */
export function newId(kind: 'tok' | 'ses' | 'bas' | 'hook' | 'msg' | 'cal' | 'flow' | 'lnk' | 'own'): string {
  return `${kind}_${randomBytes(9).toString('base64url')}`;
}

function sha256(text: string): Uint8Array {
  return hash('sha256', text, 'buffer');
}
