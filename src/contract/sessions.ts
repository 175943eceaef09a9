import { z } from 'zod';
import { terminalProof } from './sign-in.ts';
import { accountKind, accountName, rotaName, scope, standingRole } from './people.ts';

/** What a person sends to sign in to the web: their password, or a token of theirs. */
export const signIn = z.union([
  z.strictObject({ account: accountName, password: z.string().min(1).max(512) }),
  z.strictObject({ token: z.string().min(1).max(128) }),
]);
export type SignIn = z.infer<typeof signIn>;

/** What proves again who calls. */
export const proveAgainBy = z.union([
  z.strictObject({
    password: z.string().min(1).max(512).describe('The password of the account that calls.'),
  }),
  terminalProof,
]);
export type ProveAgainBy = z.infer<typeof proveAgainBy>;

export const provenAgain = z.strictObject({
  until: z.iso.datetime().describe('Until when it counts for acts of high stakes.'),
});

/** Who calls, and what they may now. */
export const me = z
  .strictObject({
    name: z.string(),
    kind: accountKind,
    issuer: z.string().describe('Who vouches for the account; `local` for this server.'),
    botOf: accountName.nullable(),
    agent: z.boolean().describe('Whether it is the agent of the human behind it.'),
    roles: z.array(standingRole).describe('Standing roles held now.'),
    onDuty: z.array(rotaName).describe('Rotas in which this person is on duty now.'),
    scopes: z.array(scope),
    credential: z.enum(['token', 'session']),
    host: z
      .strictObject({
        name: z.string(),
        role: z.enum(['bastion', 'deployer']),
        environment: z.string(),
        privileged: z.boolean(),
      })
      .nullable()
      .describe('The host that the call proved to come from.'),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

export const session = z.strictObject({ name: z.string(), expiresAt: z.iso.datetime() });
