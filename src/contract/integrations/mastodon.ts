import { z } from 'zod';
import { peerAddress, secretReference } from './secret.ts';

/** Public posts on a server that speaks Mastodon’s API. */
export const mastodonSettings = z
  .strictObject({
    url: peerAddress,
    token: secretReference.describe(
      'Of an account that may write posts (`write:statuses`) and read itself (`profile`).',
    ),
    visibility: z.enum(['public', 'unlisted']).default('public'),
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .default('en'),
  })
  .describe('Public posts, on a server that speaks Mastodon’s API.');
export type MastodonSettings = z.output<typeof mastodonSettings>;
