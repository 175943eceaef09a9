import { z } from 'zod';
import { type Outcome, read, unread } from '../../kernel/verify/outcome.ts';
import type { RuleGroup } from '../../kernel/verify/rules.ts';
import { readData, type Told } from './answer.ts';
import type { Reply } from './ask.ts';
import { prometheusDurationMs } from './duration.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const duration = z.string().transform((text, context) => {
  const ms = prometheusDurationMs(text);
  if (ms === null) context.addIssue(`expected a duration, got \`${text}\``);
  return ms ?? Number.NaN;
});

const ruleGroups = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      interval: z.number().positive(),
      lastEvaluation: instant,
      rules: z.array(z.object({ name: z.string(), health: z.string() })),
    }),
  ),
});
const activeTargets = z.object({
  activeTargets: z.array(z.object({ labels: z.record(z.string(), z.string()), scrapeInterval: duration })),
});
const alertmanagers = z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) });
const runtime = z.object({ startTime: instant });
const flags = z.record(z.string(), z.string());

/** A target that Prometheus scrapes, and how often. */
export interface ActiveTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly scrapeIntervalMs: number;
}

/** `/api/v1/rules`. */
export function readRules(reply: Reply): Outcome<Told<readonly RuleGroup[]>> {
  return map(readData(reply, ruleGroups), ({ groups }) =>
    groups.map(({ name, interval, lastEvaluation, rules }) => ({
      name,
      intervalMs: interval * 1_000,
      lastEvaluationMs: lastEvaluation,
      rules,
    })),
  );
}

/** `/api/v1/targets`. */
export function readTargets(reply: Reply): Outcome<Told<readonly ActiveTarget[]>> {
  return map(readData(reply, activeTargets), (data) =>
    data.activeTargets.map(({ labels, scrapeInterval }) => ({ labels, scrapeIntervalMs: scrapeInterval })),
  );
}

/** `/api/v1/alertmanagers`: the addresses of those in use. */
export function readAlertmanagers(reply: Reply): Outcome<Told<readonly string[]>> {
  return map(readData(reply, alertmanagers), ({ activeAlertmanagers }) =>
    activeAlertmanagers.map(({ url }) => url),
  );
}

/** `/api/v1/status/runtimeinfo`: when this Prometheus was started, by its own clock, in epoch milliseconds. */
export function readStart(reply: Reply): Outcome<Told<number>> {
  return map(readData(reply, runtime), ({ startTime }) => startTime);
}

/** `/api/v1/status/flags`: the resend delay of alerts in milliseconds. */
export function readResendDelay(reply: Reply): Outcome<Told<number>> {
  const answer = readData(reply, flags);
  if (!answer.ok) return answer;
  const ms = prometheusDurationMs(answer.value.data['rules.alert.resend-delay'] ?? '');
  return ms === null
    ? unread('the flag `rules.alert.resend-delay` wanted; it was not told')
    : read({ ...answer.value, data: ms });
}

/** The data alone, for those who judge it; the warnings are judged by M13. */
export function dataOf<T>(answer: Outcome<Told<T>>): Outcome<T> {
  return answer.ok ? read(answer.value.data) : answer;
}

function map<A, B>(answer: Outcome<Told<A>>, change: (data: A) => B): Outcome<Told<B>> {
  return answer.ok ? read({ ...answer.value, data: change(answer.value.data) }) : answer;
}
