import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** OWASP's second setting of scrypt: 32 MB and about 0.1 s a core, so a few at once do not starve the server. */
const N = 2 ** 15;
const R = 8;
const P = 3;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const STORED = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** The stored form of a password: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, { N, r: R, p: P });
  return `scrypt$${N}$${R}$${P}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Whether a password is the stored one. Without a stored one (no such account, or none that signs in by password) it
 * works as long, and says no.
 */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const match = stored === undefined ? null : STORED.exec(stored);
  if (!match) {
    await derive(password, randomBytes(SALT_BYTES), { N, r: R, p: P });
    return false;
  }
  const [, n, r, p, salt = '', key = ''] = match;
  const wanted = Buffer.from(key, 'base64url');
  const got = await derive(password, Buffer.from(salt, 'base64url'), {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

function derive(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  // One password has one form, however the keyboard composes its accents.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, KEY_BYTES, { ...options, maxmem: 2 ** 27 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
