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
    endedBecause: z.enum(['revoked', 'replaced', 'claimed twice', 'refused']).nullable(),
    mayPost: z
      .strictObject({
        state: z
          .enum(['lent', 'broken', 'given-back'])
          .describe('`broken`: the peer takes it no more, for the reason; link the account again.'),
        scopes: z.array(z.string()).describe('As the peer names them.'),
        since: time,
        because: z.string().nullable(),
      })
      .nullable()
      .describe('The right to post there as its person, by a press here alone; `null` where none was lent.'),
  })
  .meta({ id: 'AccountLink' });
export type AccountLink = z.infer<typeof accountLink>;

export const accountLinks = z
  .strictObject({
    links: z.array(accountLink),
    peers: z
      .array(
        z.strictObject({
          connection: z.string(),
          scopes: z
            .array(z.string())
            .describe(
              'What one may lend there, so that a press here posts there as oneself; empty where nothing.',
            ),
        }),
      )
      .describe('Where an account can be linked.'),
  })
  .meta({ id: 'AccountLinks' });
export type AccountLinks = z.infer<typeof accountLinks>;

/** The way to the peer’s own page, where a person says yes. */
export const lendingPage = z
  .strictObject({
    url: z
      .url()
      .describe('Where the browser goes. It comes back to `/accounts/return/…`, once, within the time.'),
    scopes: z.array(z.string()).describe('What is asked for there.'),
    until: time,
  })
  .meta({ id: 'LendingPage' });
export type LendingPage = z.infer<typeof lendingPage>;

/** What a peer sent the browser back with. */
export const lendingReturn = z.strictObject({
  connection: newAccountLink.shape.connection,
  parameters: z
    .string()
    .max(4_000)
    .describe('The query with which the browser came back, as it came.')
    .meta({ examples: ['code=5d41402abc4b2a76&state=ilf_n4bQgYhMfWWaLqgxVrQFaOTxsrC4Is0V1sFbDwCggoo'] }),
});
export type LendingReturn = z.infer<typeof lendingReturn>;
