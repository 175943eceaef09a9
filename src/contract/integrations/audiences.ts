import { z } from 'zod';
import {
  INNER_PLACES,
  OCCASIONS,
  PUBLIC_PLACES,
  wrongPlaces,
  type AudienceOccasion,
} from '../../kernel/change/audience-text.ts';
import { audience, type AudienceName } from '../updates.ts';
import { mailAddress } from './mail.ts';

/** Whoever is outside the company: what they are told holds nothing that is the company's own. */
export const PUBLIC_AUDIENCE = 'end-users' satisfies AudienceName;

const template = z.string().trim().min(1).max(2_000);

const route = z
  .strictObject({
    mail: z.array(mailAddress).max(100).default([]).describe('Each gets a mail of its own.'),
    posts: z
      .boolean()
      .default(false)
      .describe('Whether it is posted to the public channel; of end users alone.'),
    texts: z
      .strictObject(
        Object.fromEntries(OCCASIONS.map((one) => [one, template.optional()])) as Record<
          AudienceOccasion,
          z.ZodOptional<typeof template>
        >,
      )
      .prefault({})
      .describe('What they are told instead of the usual text, with places such as `{from}`.'),
  })
  .describe('How an audience is reached.');
export type AudienceRoute = z.output<typeof route>;

/** Who is told of changes by themselves, and how. What is not here is told by people. */
export const audienceRoutes = z.partialRecord(audience, route).superRefine((routes, context) => {
  for (const [name, { posts, texts }] of Object.entries(routes)) {
    const open = name === PUBLIC_AUDIENCE;
    if (posts && !open)
      context.addIssue({
        code: 'custom',
        path: [name, 'posts'],
        message: `expected posts for \`${PUBLIC_AUDIENCE}\` alone`,
      });
    const allowed = open ? PUBLIC_PLACES : INNER_PLACES;
    for (const [occasion, text] of Object.entries(texts))
      for (const place of wrongPlaces(text ?? '', allowed))
        context.addIssue({
          code: 'custom',
          path: [name, 'texts', occasion],
          message: `expected one of ${allowed.map((one) => `\`{${one}}\``).join(', ')}, got \`{${place}}\``,
        });
  }
});
export type AudienceRoutes = z.output<typeof audienceRoutes>;

/** The public page of maintenance at `/status`, with its feeds. */
export const statusSettings = z
  .strictObject({
    title: z.string().trim().min(1).max(120).describe('What it is the status of, for whoever reads it.'),
  })
  .describe('The public page of maintenance at `/status`, with its feeds; off, if absent.');
export type StatusSettings = z.output<typeof statusSettings>;
