import { z } from 'zod';
import { checkResult, expectation } from './check.ts';
import { CHANGE_ACTS } from '../kernel/change/capability.ts';
import { RUN_WORDS } from '../kernel/run/acts.ts';

const whyNot = z
  .string()
  .nullable()
  .describe('What was wanted and what was seen, in one line; `null` where whoever calls may now.');

/** What whoever calls may do with a request now. */
export const actsView = z
  .strictObject({ acts: z.array(z.strictObject({ act: z.enum(CHANGE_ACTS), whyNot })) })
  .describe('Every act, in the order of the table. What the policy says comes on top.')
  .meta({ id: 'ChangeActs' });
export type ActsView = z.infer<typeof actsView>;

/** What whoever calls may say about a run now. */
export const wordsView = z
  .strictObject({ words: z.array(z.strictObject({ word: z.enum(RUN_WORDS), whyNot })) })
  .describe('Every word that a person may say about a run.')
  .meta({ id: 'RunWords' });
export type WordsView = z.infer<typeof wordsView>;

/** Who was seen at a request, and who is in its situation room. */
export const presenceView = z
  .strictObject({
    present: z
      .array(
        z.strictObject({
          person: z.string(),
          seenAt: z.iso.datetime(),
          joinedAt: z.iso.datetime().nullable().describe('When they joined the situation room.'),
        }),
      )
      .describe('The last seen first.'),
    eoc: z.string().nullable().describe('The engineer on call now.'),
    eocSeenWithinMs: z
      .number()
      .describe('How long a sign of the engineer on call counts; without one a running C1 is held.'),
    eocAskedAfterMs: z
      .number()
      .describe('After how long without a sign the engineer on call is asked for one.'),
  })
  .meta({ id: 'Presence' });
export type PresenceView = z.infer<typeof presenceView>;

/** The watched metrics of a run, as its runner measured them last. */
export const watchedView = z
  .strictObject({
    watched: z.array(
      z.strictObject({
        name: z.string(),
        graph: z.string().nullable(),
        expect: expectation.nullable().describe('The success range.'),
        rollBackWhen: expectation.nullable().describe('The range in which the change is rolled back.'),
        result: checkResult.nullable().describe('`null` where it was not measured yet.'),
      }),
    ),
  })
  .meta({ id: 'WatchedMetrics' });
export type WatchedView = z.infer<typeof watchedView>;
