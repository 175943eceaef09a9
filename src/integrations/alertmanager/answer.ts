import { z } from 'zod';
import { type Outcome, read } from '../../kernel/verify/outcome.ts';
import type { HeldAlert } from '../../kernel/verify/watchdog.ts';
import { readJson } from '../prometheus/answer.ts';
import type { Reply } from '../prometheus/ask.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const labels = z.record(z.string(), z.string());

const status = z.object({ cluster: z.object({ status: z.string() }) });
const ids = z.array(z.string()).default([]);
const alerts = z.array(
  z.object({
    labels,
    updatedAt: instant,
    status: z.object({ state: z.string(), silencedBy: ids, inhibitedBy: ids }),
  }),
);
const silences = z.array(
  z.object({
    id: z.string(),
    status: z.object({ state: z.string() }),
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().default(true),
      }),
    ),
    startsAt: instant,
    endsAt: instant,
    createdBy: z.string(),
    comment: z.string(),
  }),
);

/** A silence as Alertmanager lists it; instants in epoch milliseconds. */
export type Silence = z.infer<typeof silences>[number];

/** `/api/v2/status`: the state of the cluster. */
export function readCluster(reply: Reply): Outcome<string> {
  const answer = readJson(reply, status);
  return answer.ok ? read(answer.value.cluster.status) : answer;
}

/** `/api/v2/alerts`. */
export function readAlerts(reply: Reply): Outcome<readonly HeldAlert[]> {
  const answer = readJson(reply, alerts);
  if (!answer.ok) return answer;
  return read(
    answer.value.map((alert) => ({
      labels: alert.labels,
      updatedAtMs: alert.updatedAt,
      ...alert.status,
    })),
  );
}

/** `/api/v2/silences`, whatever their state. */
export function readSilences(reply: Reply): Outcome<readonly Silence[]> {
  return readJson(reply, silences);
}
