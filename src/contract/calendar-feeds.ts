import { z } from 'zod';
import { words } from './plain-text.ts';

const time = z.iso.datetime();

export const newFeed = z.strictObject({
  label: words.max(120).describe('What it is for, such as the program that reads it.'),
});
export type NewFeed = z.infer<typeof newFeed>;

/** A secret address of calendars as it may be shown again: without what opens it. */
export const feed = z
  .strictObject({
    id: z.string(),
    label: z.string(),
    createdAt: time,
    revokedAt: time.nullable(),
  })
  .meta({ id: 'CalendarFeed' });
export type Feed = z.infer<typeof feed>;
export const feeds = z.strictObject({ feeds: z.array(feed) });

export const madeFeed = feed.extend({
  path: z
    .string()
    .describe(
      'Where its calendars lie, shown this once: `all.ics`, `locks.ics`, `eoc.ics`, `imoc.ics`, `cmoc.ics`, `environment-<name>.ics`.',
    ),
});
export type MadeFeed = z.infer<typeof madeFeed>;
export const feedPath = z.strictObject({ id: z.string().max(64) });

export const feedFile = z.strictObject({
  secret: z.string().max(100),
  file: z.string().max(300),
});
