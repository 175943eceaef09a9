import { z } from 'zod';
import { accountName, rotaName } from './people.ts';
import { words } from './plain-text.ts';

const time = z.iso.datetime();

/** Which account an event stands for: by an e-mail in it, by the peer's id of an account, or by its whole summary. */
export const personMapping = z
  .strictObject({
    email: z.email().max(320).optional().describe('Of an attendee of the event.'),
    account: z
      .string()
      .regex(/^[\w:@.-]{1,120}$/)
      .optional()
      .describe('Id of the account at the peer, such as `PXPGF42`.'),
    summary: words.max(300).optional().describe('The whole summary of the event.'),
    person: accountName,
  })
  .refine(
    ({ email, account, summary }) =>
      [email, account, summary].filter((name) => name !== undefined).length === 1,
    { error: 'expected one of `email`, `account` and `summary`' },
  )
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

/** What somebody there put over the plan; it is part of what is laid. */
export const sourceOverride = z.strictObject({ person: z.string(), start: time, end: time });
export type SourceOverride = z.infer<typeof sourceOverride>;

const people = z.array(personMapping).max(500).describe('Which account each event stands for.');
const schedule = z
  .string()
  .regex(/^[\w-]{1,80}$/)
  .describe('Id of its schedule, such as `PI7DH85`.');

const newAddress = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe('Address of the file. It is not shown again: it may be its own secret.'),
  format: z
    .enum(['icalendar', 'timeline'])
    .default('icalendar')
    .describe('What it is: `timeline` is JSON as a timeline of Opsgenie.'),
  people: people.min(1),
  zone: z
    .string()
    .max(60)
    .optional()
    .describe('Zone of times and days that name none, such as `Europe/Berlin`; days are UTC without it.'),
});

const newSchedule = z.strictObject({
  connection: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .describe('Key of a peer in `integrations.yaml` that has schedules.'),
  schedule,
  people: people.min(1),
});

/** What is to set a rota: an address, or a schedule of a peer. */
export const newSource = z.union([newAddress, newSchedule]);
export type NewSource = z.infer<typeof newSource>;

export const rotaSource = z
  .strictObject({
    rota: rotaName,
    host: z.string().describe('Where it is; the rest of its address is not shown.'),
    format: z.enum(['icalendar', 'timeline']).describe('Of an address: what is read there.'),
    connection: z.string().nullable().describe('The peer of `integrations.yaml` that has the schedule.'),
    schedule: z.string().nullable(),
    people: z.array(personMapping),
    zone: z.string().nullable(),
    addedBy: z.string(),
    addedAt: time,
    triedAt: time.nullable().describe('The last attempt.'),
    failure: z.string().nullable().describe('What went wrong with the last attempt.'),
    goodAt: time.nullable().describe('When it last could be read: how stale it is.'),
    goodUntil: time.nullable().describe('From when on nobody is on call by it, unless it is read again.'),
    lapsed: z.boolean().describe('Whether it may no longer be relied on.'),
    overrides: z.array(sourceOverride).describe('What somebody there put over the plan.'),
    unmapped: z.array(unmappedEvent).describe('Events that leave a gap.'),
  })
  .meta({ id: 'RotaSource' });
export type RotaSource = z.infer<typeof rotaSource>;

export const rotaSources = z.strictObject({ sources: z.array(rotaSource) });
export const rotaPath = z.strictObject({ rota: rotaName });
