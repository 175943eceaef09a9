import { z } from 'zod';

const time = z.iso.datetime();
const place = z.enum(['issue', 'chat']);

/** What one press would post, as whom and where. */
const offer = z.strictObject({
  place,
  connection: z.string(),
  where: z.string().describe('The issue, or the channel.'),
  account: z
    .string()
    .nullable()
    .describe('Under which name it stands there; `null` without a linked account.'),
  body: z.string().describe('What is posted, letter by letter.'),
  ready: z.boolean(),
  because: z.string().nullable().describe('Why it cannot be posted, and what to do; `null` where it can.'),
});

/** A word that somebody has posted there, and what came of it. */
export const ownWord = z
  .strictObject({
    id: z.string(),
    person: z.string(),
    place,
    connection: z.string(),
    digest: z.string(),
    body: z.string(),
    askedAt: time,
    state: z
      .enum(['on-its-way', 'counted', 'refused'])
      .describe('`counted`: it stands there by that account, by the peer’s own word, and is an approval.'),
    because: z.string().nullable().describe('Why it waits, or why it did not count and what to do.'),
    receipt: z.string().nullable().describe('Where it stands, as the peer names it.'),
  })
  .meta({ id: 'OwnWord' });
export type OwnWord = z.infer<typeof ownWord>;

export const ownWords = z
  .strictObject({
    digest: z.string().describe('Of the plan in force, which a press is bound to.'),
    offers: z
      .array(offer)
      .describe(
        'What the caller may have posted; empty where the policy asks for no written words elsewhere.',
      ),
    words: z.array(ownWord).describe('What was asked for, by whomever; the newest first.'),
  })
  .meta({ id: 'OwnWords' });
export type OwnWords = z.infer<typeof ownWords>;

/** One press: the engineer on call approves the start in writing, elsewhere, as themselves. */
export const newOwnWords = z.strictObject({
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .describe('Of the plan that was shown.'),
  places: z.array(place).min(1).max(2).default(['issue', 'chat']).describe('Where.'),
});
export type NewOwnWords = z.infer<typeof newOwnWords>;

export const askedOwnWords = z.strictObject({ words: z.array(ownWord) }).meta({ id: 'AskedOwnWords' });
export type AskedOwnWords = z.infer<typeof askedOwnWords>;
