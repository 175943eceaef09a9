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
import { hookSecrets, peerAddress, secretReference } from './secret.ts';
import { slackChannel } from './slack.ts';

/** Whoever is outside the company: what they are told holds nothing that is the company's own. */
export const PUBLIC_AUDIENCE = 'end-users' satisfies AudienceName;

const template = z.string().trim().min(1).max(2_000);

const texts = z
  .strictObject(
    Object.fromEntries(OCCASIONS.map((one) => [one, template.optional()])) as Record<
      AudienceOccasion,
      z.ZodOptional<typeof template>
    >,
  )
  .prefault({})
  .describe('What is told instead of the usual text, with places such as `{from}`.');

const room = z
  .strictObject({
    slack: slackChannel.optional().describe('Id of a channel of the workspace in `slack`.'),
    mattermost: secretReference
      .optional()
      .describe('The address of an incoming webhook of its own, as Mattermost has it.'),
    texts,
  })
  .refine(({ slack, mattermost }) => (slack === undefined) !== (mattermost === undefined), {
    error: 'expected one of `slack` and `mattermost`',
  })
  .describe('A room of its own, where people of this audience talk.');

const hook = z
  .strictObject({
    url: peerAddress.describe('Where it is told, by `POST` with JSON.'),
    signing: hookSecrets.describe(
      'What it is signed with, by Standard Webhooks: one, or two while one takes over from the other.',
    ),
    texts,
  })
  .describe('A webhook of its own.');

/** Ways beside mail that are an audience's own, each with texts of its own. */
export const OWN_WAYS = ['room', 'webhook'] as const;
export type OwnWay = (typeof OWN_WAYS)[number];

const route = z
  .strictObject({
    mail: z.array(mailAddress).max(100).default([]).describe('Each gets a mail of its own.'),
    posts: z
      .boolean()
      .default(false)
      .describe('Whether it is posted to the public channel; of end users alone.'),
    room: room.optional(),
    webhook: hook.optional(),
    texts,
  })
  .describe('How an audience is reached.');
export type AudienceRoute = z.output<typeof route>;

/** Who is told of changes by themselves, and how. What is not here is told by people. */
export const audienceRoutes = z.partialRecord(audience, route).superRefine((routes, context) => {
  for (const issue of sharedMail(routes)) context.addIssue(issue);
  for (const [name, { posts, ...told }] of Object.entries(routes)) {
    const open = name === PUBLIC_AUDIENCE;
    if (posts && !open)
      context.addIssue({
        code: 'custom',
        path: [name, 'posts'],
        message: `expected posts for \`${PUBLIC_AUDIENCE}\` alone`,
      });
    const allowed = open ? PUBLIC_PLACES : INNER_PLACES;
    const own = OWN_WAYS.flatMap((way) =>
      Object.entries(told[way]?.texts ?? {}).map(([occasion, text]) => ({
        path: [way, 'texts', occasion],
        text,
      })),
    );
    const all = Object.entries(told.texts).map(([occasion, text]) => ({ path: ['texts', occasion], text }));
    for (const { path, text } of [...all, ...own])
      for (const place of wrongPlaces(text ?? '', allowed))
        context.addIssue({
          code: 'custom',
          path: [name, ...path],
          message: `expected one of ${allowed.map((one) => `\`{${one}}\``).join(', ')}, got \`{${place}}\``,
        });
  }
});
export type AudienceRoutes = z.output<typeof audienceRoutes>;

/** An address of the public that the company has too: it is told once, so that nobody could say which text it gets. Mail servers may look at case. */
function sharedMail(routes: Readonly<Partial<Record<AudienceName, AudienceRoute>>>) {
  const open = new Set((routes[PUBLIC_AUDIENCE]?.mail ?? []).map((address) => address.toLowerCase()));
  return Object.entries(routes).flatMap(([name, { mail }]) =>
    name === PUBLIC_AUDIENCE
      ? []
      : mail.flatMap((address, index) =>
          open.has(address.toLowerCase())
            ? [
                {
                  code: 'custom' as const,
                  path: [name, 'mail', index],
                  message: `expected an address that \`${PUBLIC_AUDIENCE}\` does not have, got \`${address}\``,
                },
              ]
            : [],
        ),
  );
}

/** The public page of maintenance at `/status`, with its feeds. */
export const statusSettings = z
  .strictObject({
    title: z.string().trim().min(1).max(120).describe('What it is the status of, for whoever reads it.'),
  })
  .describe('The public page of maintenance at `/status`, with its feeds; off, if absent.');
export type StatusSettings = z.output<typeof statusSettings>;
