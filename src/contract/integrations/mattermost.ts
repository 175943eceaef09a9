import { z } from 'zod';
import { secretReference } from './secret.ts';

/** A channel that takes messages by an incoming webhook as Mattermost has it. */
export const mattermostSettings = z
  .strictObject({
    webhook: secretReference.describe('The address of the webhook: whoever knows it may write there.'),
  })
  .describe('A channel that hears along, by an incoming webhook as Mattermost has it.');
