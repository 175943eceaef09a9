import { z } from 'zod';
import { peerAddress, secretReference } from './secret.ts';

/** A collection of a CalDAV server, in which the Production calendar stands. */
export const caldavSettings = z
  .strictObject({
    url: peerAddress.describe('The address of one calendar, which is there already.'),
    user: z.string().min(1).max(255).describe('Of an account of its own that may write there.'),
    password: secretReference.describe('Its password there.'),
    site: peerAddress
      .optional()
      .describe('Where people find this server, for the links of the events; without it they have none.'),
  })
  .describe('The Production calendar in a collection of a CalDAV server.');
export type CaldavSettings = z.output<typeof caldavSettings>;
