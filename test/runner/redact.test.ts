import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/runner/redact.ts';

/** What comes out after each piece, and at the end. */
function pieces(secrets: readonly string[], chunks: readonly string[]): string[] {
  const clean = redactor(secrets);
  return [...chunks.map((chunk) => clean.push(Buffer.from(chunk)).toString()), clean.end().toString()];
}

describe('a redactor', () => {
  it('shows a line as soon as it is there, unless a secret may begin at its end', () => {
    expect(pieces(['a-long-token-of-forty-characters-or-more'], ['at work\n', 'a-lo', 'st cause\n'])).toEqual(
      ['at work\n', '', 'a-lost cause\n', ''],
    );
  });

  it('masks the longer of two secrets that begin alike, also where it comes in pieces', () => {
    expect(pieces(['hunter2-whole', 'hunter2'], ['x hunter2', '-wh', 'ole y']).join('')).toBe('x [masked] y');
    expect(pieces(['hunter2-whole', 'hunter2'], ['x hunter2', '-way']).join('')).toBe('x [masked]-way');
  });

  it('gives the same however what it reads is cut, and never a secret', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    const secret = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 8 }),
        fc.array(secret, { maxLength: 3 }),
        (chunks, secrets) => {
          const sorted = secrets.toSorted((a, b) => b.length - a.length);
          const whole = pieces(sorted, [chunks.join('')]).join('');
          expect(pieces(sorted, chunks).join('')).toBe(whole);
          const left = whole.split('[masked]');
          for (const one of sorted) for (const part of left) expect(part).not.toContain(one);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
