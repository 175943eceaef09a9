import { z } from 'zod';
import { accountName } from './people.ts';

/** 256 random bits as base64url, or the SHA-256 of them. */
const bits256 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { error: 'expected 43 characters of base64url' });

/** How one may sign in here. */
export const signInWays = z.strictObject({
  provider: z
    .strictObject({
      title: z.string().describe('As its button says it.'),
      page: z.string().describe('Address of the page at which one signs in by it.'),
    })
    .nullable()
    .describe('The identity provider; `null` where none is configured.'),
});
export type SignInWays = z.infer<typeof signInWays>;

export const newFlow = z.strictObject({
  again: z.boolean().default(false).describe('Whether the person has to sign in anew at the provider.'),
  terminal: bits256
    .optional()
    .describe(
      'SHA-256 of what a waiting terminal keeps, base64url; then a code for it is the answer, not a session.',
    ),
});
export type NewFlow = z.infer<typeof newFlow>;
/** As a page sends it. */
export type WantedFlow = z.input<typeof newFlow>;

export const flow = z.strictObject({ url: z.string().describe('Where to send the browser.') });
export type BegunFlow = z.infer<typeof flow>;

export const returned = z.strictObject({
  parameters: z.string().max(8_192).describe('What the provider sent the browser back with, after `?`.'),
});

/** A session has begun, or a terminal waits for a code. */
export const signedIn = z.union([
  z.strictObject({ name: accountName, expiresAt: z.iso.datetime() }),
  z.strictObject({ name: accountName, code: z.string().describe('To be typed at the terminal that waits.') }),
]);
export type SignedIn = z.infer<typeof signedIn>;

/** What a terminal sends: the code that its person read in the browser, and what it kept. */
export const terminalProof = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(32)
    .describe('As the browser shows it; dashes and small letters do not matter.'),
  verifier: bits256.describe('What the terminal kept.'),
});
export type TerminalProof = z.infer<typeof terminalProof>;

export const terminalSignIn = terminalProof.extend({
  label: z.string().trim().min(1).max(120).describe('What the token is for.'),
});
export type TerminalSignIn = z.infer<typeof terminalSignIn>;
