import { z } from 'zod';

export const bastionName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,252}$/, { error: 'expected a host name such as `bastion-1`' });
export const bastionRole = z.enum(['bastion', 'deployer']);

/** Longest life of a bastion's key, in days. */
export const MAX_KEY_DAYS = 366;

export const newBastion = z.strictObject({
  name: bastionName,
  environment: z.string().min(1).max(253).describe('The one environment that it may change.'),
  role: bastionRole.default('bastion').describe('A deployer is a pipeline’s runner: for deployments only.'),
  privileged: z
    .boolean()
    .default(false)
    .describe('Whether its executors may be root or may become it; an exception, said at every start.'),
  days: z.number().int().min(1).max(MAX_KEY_DAYS).default(90).describe('How long its key lives.'),
});
export type NewBastion = z.infer<typeof newBastion>;

export const bastion = z
  .strictObject({
    name: bastionName,
    environment: z.string(),
    role: bastionRole,
    privileged: z.boolean(),
    registeredAt: z.iso.datetime(),
    registeredBy: z.string(),
    expiresAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Bastion' });
export type Bastion = z.infer<typeof bastion>;

export const bastions = z.strictObject({ bastions: z.array(bastion) });
export const registeredBastion = bastion.extend({
  key: z.string().describe('The key itself; shown this once.'),
});
export const bastionPath = z.strictObject({ name: bastionName });
