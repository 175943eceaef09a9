import { z } from 'zod';
import type { AlertSource } from '../../app/ports/alerts.ts';
import { read } from '../../kernel/verify/outcome.ts';
import { readJson } from '../prometheus/answer.ts';
import { ask } from '../prometheus/ask.ts';

const labels = z.record(z.string(), z.string());
const alerts = z.array(
  z.object({
    labels,
    annotations: labels,
    startsAt: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  }),
);

const TIMEOUT_MS = 5_000;

/** Reads the alerts from Alertmanager's API: the truth behind its webhook. */
export function alertSource(baseUrl: string): AlertSource {
  return {
    async alerts() {
      const reply = await ask({ baseUrl, signal: AbortSignal.timeout(TIMEOUT_MS) }, '/api/v2/alerts', {
        // A silence, an inhibition, a receiver that is left out: none of them makes an alert go away.
        active: 'true',
        silenced: 'true',
        inhibited: 'true',
        unprocessed: 'true',
      });
      const answer = readJson(reply, alerts);
      if (!answer.ok) return answer;
      return read(
        answer.value.map((alert) => ({
          labels: alert.labels,
          annotations: alert.annotations,
          startsAtMs: alert.startsAt,
        })),
      );
    },
  };
}
