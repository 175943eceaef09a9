import { z } from 'zod';

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
