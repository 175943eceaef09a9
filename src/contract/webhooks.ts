import { z } from 'zod';
import { next, pagesOf } from './paging.ts';
import { words } from './plain-text.ts';

const time = z.iso.datetime();

/** Where others want to hear of what is recorded. */
export const webhookView = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    types: z.array(z.string()).describe('Types of ledger entries that it hears of.'),
    createdBy: z.string(),
    createdAt: time,
    disabledAt: time.nullable(),
    disabledBecause: z.string().nullable(),
  })
  .meta({ id: 'Webhook' });
export type WebhookView = z.infer<typeof webhookView>;

export const webhookWithSecret = webhookView.extend({
  secret: z.string().describe('`whsec_…`, for the verification by Standard Webhooks; shown this once.'),
});

export const newWebhook = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .describe('Where messages are posted to.'),
  description: words.max(300).describe('What it is for.'),
  types: z
    .array(
      z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*(\.\*)?$/, {
        error: 'expected a type such as `change.approved`, or `change.*` for all of a kind',
      }),
    )
    .min(1)
    .max(50)
    .default(['change.*', 'run.*', 'lock.*', 'incident.*', 'veto.*'])
    .describe('Types of ledger entries; `change.*` is all of a kind.'),
});
export type NewWebhook = z.infer<typeof newWebhook>;

export const webhookList = z.strictObject({ webhooks: z.array(webhookView) });
export const webhookPath = z.strictObject({ id: z.string().regex(/^hook_[\w-]{1,40}$/) });
const deliveryId = z.string().regex(/^msg_[\w-]{1,40}$/);
export const deliveryPath = webhookPath.extend({ delivery: deliveryId });
export const deliveryQuery = z.strictObject(pagesOf(deliveryId, 200, 50));
export type DeliveryQuery = z.infer<typeof deliveryQuery>;

/** What became of the messages to an endpoint. */
export const deliveryLog = z.strictObject({
  deliveries: z.array(
    z.strictObject({
      id: z.string().describe('`webhook-id` of the message: the same in every attempt.'),
      type: z.string(),
      ledgerIndex: z.string().nullable().describe('The entry that it is about; `null` for a trial.'),
      createdAt: time,
      state: z.enum(['waiting', 'delivered', 'given-up']),
      nextAttemptAt: time.nullable(),
      attempts: z.array(
        z.strictObject({
          at: time,
          status: z.number().int().nullable().describe('Status of the answer.'),
          error: z.string().nullable().describe('Why there was none.'),
        }),
      ),
    }),
  ),
  next,
});
export type DeliveryLog = z.infer<typeof deliveryLog>;
