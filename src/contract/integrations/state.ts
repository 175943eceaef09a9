import { z } from 'zod';
import { next, pagesOf, rowNumber } from '../paging.ts';

const time = z.iso.datetime();
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .describe('Key of the peer in `integrations.yaml`.');

export const connectionPath = z.strictObject({ name });
export const messagePath = connectionPath.extend({ message: z.string().regex(/^\d{1,18}$/) });

export const movedIssues = z.strictObject({
  moved: z.array(z.string()).describe('The requests whose issue is opened anew.'),
});

export const sentAgain = z.strictObject({ id: z.string() });

export const heardHook = z.strictObject({
  heard: z.enum(['new', 'before']).describe('`before`: the same delivery came already, and nothing follows.'),
});

/** What asking a peer came to. */
export const testedConnection = z
  .strictObject({
    name,
    at: time,
    ok: z.boolean(),
    text: z.string().describe('What the peer says it is; or what was expected and what was got.'),
  })
  .meta({ id: 'TestedConnection' });
export type TestedConnection = z.infer<typeof testedConnection>;

/** One peer, and how it goes with it. */
export const connectionState = z
  .strictObject({
    name,
    peer: z.string().describe('Where it is.'),
    offers: z.array(z.string()).describe('What it does for us: `chat`, `mail` …'),
    hears: z
      .boolean()
      .describe('Whether it tells us something, at `/api/v1/hooks/NAME` or over a connection of ours.'),
    waiting: z.int().describe('Messages that wait to be taken.'),
    givenUp: z
      .int()
      .describe('Messages that nobody tries to send any more; they are kept, and can be sent again.'),
    takenAt: time.nullable().describe('When it last took something.'),
    failedAt: time.nullable().describe('When it last did not.'),
    failure: z.string().nullable().describe('Why.'),
    heardAt: time
      .nullable()
      .describe(
        'When it last said what it was asked: who is on call, what burns. `null` where it is asked nothing.',
      ),
    unheard: z.string().nullable().describe('Why it did not, where that is newer.'),
  })
  .meta({ id: 'Connection' });
export type ConnectionState = z.infer<typeof connectionState>;

export const connectionList = z.strictObject({ connections: z.array(connectionState) });

export const messageQuery = z.strictObject({
  state: z.enum(['waiting', 'taken', 'given-up']).optional().describe('Those of one state alone.'),
  ...pagesOf(rowNumber, 200, 50),
});
export type MessageQuery = z.infer<typeof messageQuery>;

/** What became of the messages to a peer. */
export const messageLog = z.strictObject({
  messages: z.array(
    z.strictObject({
      id: z.string(),
      key: z.string().describe('What the peer knows it by: the same in every attempt.'),
      topic: z.string().describe('`announce`, `mail` …; `heard` is what the peer told us.'),
      about: z.string().nullable(),
      createdAt: time,
      state: z.enum(['waiting', 'taken', 'given-up']),
      nextAttemptAt: time.nullable(),
      receipt: z.string().nullable().describe('What the peer gave for it.'),
      attempts: z.array(
        z.strictObject({
          at: time,
          outcome: z.enum(['taken', 'later', 'refused']),
          because: z.string().nullable(),
        }),
      ),
    }),
  ),
  next,
});
export type MessageLog = z.infer<typeof messageLog>;
