import { z } from 'zod';
import { accountName, standingRole } from './people.ts';

const roles = z
  .array(standingRole)
  .refine((list) => new Set(list).size === list.length, { error: 'expected each role once' });
const issuer = z.string().min(1).max(512);

const directoryPerson = z.strictObject({
  name: accountName.describe('The account; made where there is none.'),
  displayName: z.string().trim().min(1).max(120).optional().describe('The name that people read.'),
  issuer: issuer.describe(
    'Who vouches for the person: the provider’s issuer, or `local` for an account of this server.',
  ),
  subject: z
    .string()
    .min(1)
    .max(255)
    .describe('Whom the issuer means; never an e-mail address that can be given to another.'),
  roles: roles.default([]).describe('Standing roles that the directory gives.'),
  sameHumanAs: accountName.optional().describe('Another account of the same human.'),
});

/** The directory file, `directory/1`: who people are, and the roles that the directory or a provider’s groups give. */
export const directoryFile = z
  .strictObject({
    version: z.literal('directory/1'),
    groups: z
      .record(z.string().min(1).max(255), roles)
      .default({})
      .describe('Standing roles by the name of a group in the provider’s claim.'),
    people: z.array(directoryPerson).max(10_000).default([]),
  })
  .refine(({ people }) => new Set(people.map(({ name }) => name)).size === people.length, {
    path: ['people'],
    error: 'expected each account once',
  })
  .refine(({ people }) => new Set(people.map(subjectKey)).size === people.length, {
    path: ['people'],
    error: 'expected each issuer and subject once',
  })
  .meta({ title: 'Interlock directory', description: 'Who people are, and the roles that are given by it.' });
export type DirectoryFile = z.output<typeof directoryFile>;

function subjectKey({ issuer: of, subject }: { readonly issuer: string; readonly subject: string }): string {
  return JSON.stringify([of, subject]);
}

/** What an administrator sends to apply a directory. */
export const appliedDirectory = z.strictObject({
  file: z.string().min(1).max(512).describe('Name of the file, for messages.'),
  text: z.string().max(1_000_000).describe('The directory file as it stands, YAML.'),
});

/** The directory in force. */
export const directoryView = z
  .strictObject({
    digest: z.string().nullable().describe('`sha256:<hex>` of the directory; `null` where none was applied.'),
    appliedAt: z.iso.datetime().nullable(),
    appliedBy: z.string().nullable(),
    changes: z.array(z.string()).describe('What applying it changed, one a line.'),
  })
  .meta({ id: 'Directory' });
export type DirectoryView = z.infer<typeof directoryView>;
