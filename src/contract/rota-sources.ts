import { z } from 'zod';
import { accountName, rotaName } from './people.ts';
import { words } from './plain-text.ts';

const time = z.iso.datetime();

/** Which account an event of a calendar stands for: by the e-mail of an attendee, or by its whole summary. */
export const personMapping = z
  .strictObject({
    email: z.email().max(320).optional().describe('Of an attendee of the event.'),
    summary: words.max(300).optional().describe('The whole summary of the event.'),
    person: accountName,
  })
  .refine(({ email, summary }) => (email === undefined) !== (summary === undefined), {
    error: 'expected one of `email` and `summary`',
  })
  .meta({ examples: [{ summary: 'On call: ben', person: 'ben' }] });
export type PersonMapping = z.infer<typeof personMapping>;

/** An event that names nobody we know, or that cannot be read; where it lies nobody is on call. */
export const unmappedEvent = z.strictObject({
  summary: z.string(),
  start: time.nullable(),
  end: time.nullable(),
  because: z.string(),
});
export type UnmappedEvent = z.infer<typeof unmappedEvent>;

export const newSource = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe('Address of an iCalendar file. It is not shown again: it may be its own secret.'),
  people: z.array(personMapping).min(1).max(500).describe('Which account each event stands for.'),
  zone: z
    .string()
    .max(60)
    .optional()
    .describe('Zone of times and days that name none, such as `Europe/Berlin`; days are UTC without it.'),
});
export type NewSource = z.infer<typeof newSource>;

export const rotaSource = z
  .strictObject({
    rota: rotaName,
    host: z.string().describe('Where it is; the rest of its address is not shown.'),
    people: z.array(personMapping),
    zone: z.string().nullable(),
    addedBy: z.string(),
    addedAt: time,
    triedAt: time.nullable().describe('The last attempt.'),
    failure: z.string().nullable().describe('What went wrong with the last attempt.'),
    goodAt: time.nullable().describe('When it last could be read: how stale it is.'),
    goodUntil: time.nullable().describe('From when on nobody is on call by it, unless it is read again.'),
    lapsed: z.boolean().describe('Whether it may no longer be relied on.'),
    unmapped: z.array(unmappedEvent).describe('Events that leave a gap.'),
  })
  .meta({ id: 'RotaSource' });
export type RotaSource = z.infer<typeof rotaSource>;

export const rotaSources = z.strictObject({ sources: z.array(rotaSource) });
export const rotaPath = z.strictObject({ rota: rotaName });
