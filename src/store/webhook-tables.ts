import type { ColumnType, Generated } from 'kysely';

type CreatedAt = ColumnType<Date, never, never>;
type Later = ColumnType<Date | null, never, Date | null>;

interface WebhookEndpoints {
  id: string;
  url: string;
  description: string;
  types: string[];
  created_by: string;
  created_at: CreatedAt;
  generation: Generated<number>;
  rotated_at: Later;
  cursor: bigint;
  disabled_at: Later;
  disabled_because: ColumnType<string | null, never, string | null>;
}

interface WebhookDeliveries {
  id: string;
  endpoint: string;
  ledger_index: bigint | null;
  type: string;
  body: string;
  created_at: CreatedAt;
  attempts: Generated<number>;
  next_attempt_at: ColumnType<Date, never, Date>;
  delivered_at: Later;
  given_up_at: Later;
}

interface WebhookAttempts {
  number: ColumnType<bigint, never, never>;
  delivery: string;
  at: CreatedAt;
  status: number | null;
  error: string | null;
}

export interface WebhookTables {
  webhook_endpoints: WebhookEndpoints;
  webhook_deliveries: WebhookDeliveries;
  webhook_attempts: WebhookAttempts;
}
