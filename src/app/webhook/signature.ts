import { createHmac } from 'node:crypto';
import type { AppContext } from '../context.ts';

/** How long the former secret of an endpoint is good beside the new one. */
const BOTH_GOOD_MS = 24 * 3_600_000;

type Derives = Pick<AppContext, 'ledger'>;

/** Whose secret: the endpoint, and how often it was given another. */
export interface SecretOf {
  readonly id: string;
  readonly generation: number;
}

/** The secret of an endpoint as its owner configures it: `whsec_` and base64. It stands nowhere, it is derived. */
export function webhookSecret(context: Derives, of: SecretOf): string {
  return `whsec_${Buffer.from(secretBytes(context, of)).toString('base64')}`;
}

/**
 * The headers of a message by Standard Webhooks: `v1,` and the base64 of HMAC-SHA256(secret, id.timestamp.body), of the former
 * secret too while both are good.
 */
export function webhookHeaders(
  context: Derives,
  endpoint: SecretOf & { readonly rotated_at: Date | null },
  message: { readonly id: string; readonly nowMs: number; readonly body: string },
): Readonly<Record<string, string>> {
  const { id, nowMs, body } = message;
  const seconds = Math.floor(nowMs / 1_000);
  const { generation, rotated_at } = endpoint;
  const bothGood = rotated_at !== null && nowMs - rotated_at.getTime() < BOTH_GOOD_MS;
  const generations = bothGood ? [generation, generation - 1] : [generation];
  const signatures = generations.map((one) => {
    const key = secretBytes(context, { id: endpoint.id, generation: one });
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}

function secretBytes({ ledger }: Derives, { id, generation }: SecretOf): Uint8Array {
  return ledger.book.key.derive(`webhook ${id} ${generation}`);
}
