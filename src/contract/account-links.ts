import { z } from 'zod';

const time = z.iso.datetime();
const linkId = z
  .string()
  .regex(/^lnk_[A-Za-z0-9_-]{12}$/)
  .meta({ examples: ['lnk_8mZ2kQ7wR1xT'] });

export const accountLinkPath = z.strictObject({ id: linkId });

export const accountLinkQuery = z.strictObject({
  all: z.stringbool().default(false).describe('Those of everybody; for administrators.'),
});

export const newAccountLink = z.strictObject({
  connection: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .describe('Key of the peer in `integrations.yaml`.'),
});

/** The asking for a link, with the words to be posted from the other account. */
export const askedLink = z
  .strictObject({
    id: linkId,
    connection: z.string(),
    say: z.string().describe('What is to be posted from the account there. Good once; shown once.'),
    until: time,
  })
  .meta({ id: 'AskedLink' });
export type AskedLink = z.infer<typeof askedLink>;

/** An account elsewhere, and whose it is. */
export const accountLink = z
  .strictObject({
    id: linkId,
    person: z.string(),
    connection: z.string(),
    state: z
      .enum(['asked', 'claimed', 'linked', 'ended'])
      .describe('`claimed`: posted from there, and waits to be confirmed here; only `linked` counts.'),
    externalUser: z.string().nullable().describe('The id of the account at the peer: what it is known by.'),
    shownAs: z.string().nullable().describe('Its name there, for people; it opens nothing.'),
    askedAt: time,
    linkedAt: time.nullable(),
    endedAt: time.nullable(),
    endedBecause: z.enum(['revoked', 'replaced', 'claimed twice']).nullable(),
  })
  .meta({ id: 'AccountLink' });
export type AccountLink = z.infer<typeof accountLink>;

export const accountLinks = z.strictObject({ links: z.array(accountLink) });
