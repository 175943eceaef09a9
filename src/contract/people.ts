import { z } from 'zod';
import { words } from './plain-text.ts';

/** What a token may be used for. None implies another. */
export const scope = z.enum(['read', 'ask', 'act', 'admin']);
export type Scope = z.infer<typeof scope>;

/** Roles that a person holds until they are taken away. `admin` runs the product and decides nothing. */
export const standingRole = z.enum(['reviewer', 'management', 'director', 'vpe', 'admin']);
export type StandingRole = z.infer<typeof standingRole>;

/** The rotas of people on call. */
export const rotaName = z.enum(['eoc', 'imoc', 'cmoc']);
export type RotaName = z.infer<typeof rotaName>;

/** A service account's tokens can ask and execute, never approve; it may be somebody's bot. */
export const accountKind = z.enum(['person', 'service']);
export type AccountKind = z.infer<typeof accountKind>;

export const accountName = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9._-]*$/, { error: 'expected an account name such as `ana`' });

const displayName = words.max(120).describe('The name that people read.');
const password = z
  .string()
  .min(12, { error: 'expected a password of at least 12 characters' })
  .max(512)
  .describe('At least 12 characters; nothing else is asked of it.');
const scopes = z
  .array(scope)
  .min(1)
  .max(4)
  .refine((list) => new Set(list).size === list.length, { error: 'expected each scope once' });

/** An account, as everybody who may read sees it. */
export const person = z
  .strictObject({
    name: accountName,
    kind: accountKind.describe('A service account can ask and execute, never approve.'),
    displayName,
    botOf: accountName.nullable().describe('The human behind a bot.'),
    agent: z
      .boolean()
      .describe(
        'A bot that asks and prepares in the name of its human; it decides nothing, and starts nothing above C4.',
      ),
    sameHumanAs: accountName
      .nullable()
      .describe('The first account of the human whose further account this is: to every rule they are one.'),
    issuer: z.string().describe('Who vouches for the account; `local` for this server.'),
    roles: z.array(standingRole).describe('Standing roles held now.'),
    disabled: z.boolean().describe('Whether the account is shut out.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof person>;

export const people = z.strictObject({ people: z.array(person) });
export type People = z.infer<typeof people>;

/** What an administrator sends to make an account. */
export const newPerson = z
  .strictObject({
    name: accountName,
    kind: accountKind.default('person'),
    displayName,
    botOf: accountName.nullable().default(null),
    agent: z.boolean().default(false).describe('Whether it is the agent of the human behind it.'),
    password: password.optional().describe('Without one the account signs in by token alone.'),
  })
  .refine((value) => value.name !== 'system', {
    path: ['name'],
    error: 'expected a name other than `system`',
  })
  .refine((value) => value.kind === 'service' || value.botOf === null, {
    path: ['botOf'],
    error: 'expected `botOf` only of a service account',
  })
  .refine((value) => !value.agent || value.botOf !== null, {
    path: ['agent'],
    error: 'expected `botOf` beside `agent`: an agent acts for one human',
  })
  .refine((value) => value.kind === 'person' || value.password === undefined, {
    path: ['password'],
    error: 'expected no password: a service account signs in by token alone',
  });
export type NewPerson = z.infer<typeof newPerson>;

/** What an administrator changes of an account. */
export const personChange = z
  .strictObject({
    displayName: displayName.optional(),
    disabled: z.boolean().optional(),
    sameHumanAs: accountName
      .nullable()
      .optional()
      .describe('Another account of the same human; `null` where this is the only one.'),
  })
  .refine((value) => Object.keys(value).length > 0, { error: 'expected something to change' });
export type PersonChange = z.infer<typeof personChange>;

export const newPassword = z.strictObject({
  password,
  current: z
    .string()
    .max(512)
    .optional()
    .describe('The password until now; an administrator need not know it.'),
});
export type NewPassword = z.infer<typeof newPassword>;

export const personPath = z.strictObject({ name: accountName });
export const rolePath = z.strictObject({ name: accountName, role: standingRole });

/** Longest life of a token, in days. */
export const MAX_TOKEN_DAYS = 366;

export const newToken = z.strictObject({
  label: z.string().trim().min(1).max(120).describe('What it is for.'),
  scopes: scopes.default(['read', 'ask', 'act']),
  days: z.number().int().min(1).max(MAX_TOKEN_DAYS).default(90).describe('How long it lives.'),
});
export type NewToken = z.infer<typeof newToken>;

/** A token as it may be shown again: never what proves it. */
export const token = z
  .strictObject({
    id: z.string(),
    person: accountName,
    label: z.string(),
    scopes,
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    expiresAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().describe('To within half a minute.'),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof token>;

export const tokens = z.strictObject({ tokens: z.array(token) });
export const issuedToken = token.extend({
  secret: z.string().describe('The token itself; shown this once.'),
});
export const tokenPath = z.strictObject({ id: z.string().max(64) });
