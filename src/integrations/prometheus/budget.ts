import type { BudgetQuestion, BudgetReader, BudgetReading } from '../../app/ports/budgets.ts';
import type { MonitoringSettings } from '../../contract/monitoring.ts';
import { judgeMetric } from '../../kernel/verify/metric.ts';
import { query } from './proving.ts';

const TIMEOUT_MS = 10_000;
/** A budget is a matter of days; samples of five minutes ago are of a target that is gone. */
const MAX_SAMPLE_AGE_MS = 120_000;

/** Reads error budgets from Prometheus, as strictly as a check: one series, a number, fresh samples, no warning. */
export function budgetReader(baseUrl: string, settings: MonitoringSettings): BudgetReader {
  return { read: (question) => readBudget(baseUrl, settings, question) };
}

async function readBudget(
  baseUrl: string,
  settings: MonitoringSettings,
  question: BudgetQuestion,
): Promise<BudgetReading> {
  const source = { baseUrl, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const startedMs = performance.now();
  const { selectors } = question;
  const [answer, ages] = await Promise.all([
    query(source, question.query),
    Promise.all(selectors.map((selector) => query(source, `time() - min(timestamp(${selector}))`))),
  ]);
  const judged = judgeMetric(
    {
      answer: answer.outcome,
      ages: ages.map(({ outcome }, index) => ({ selector: selectors[index] ?? '', seconds: outcome })),
      windows: [],
      traffic: null,
    },
    {
      series: 1,
      labels: {},
      expect: { atMost: 1 },
      maxSampleAgeMs: MAX_SAMPLE_AGE_MS,
      allowedWarnings: settings.allowedWarnings,
      askedMs: [question.nowMs, question.nowMs + (performance.now() - startedMs)],
      clockToleranceMs: settings.clockTolerance,
    },
  );
  const { verdict, value, because } = judged;
  return {
    remaining: verdict === 'pass' && typeof value === 'number' ? value : null,
    because,
    raw: [answer, ...ages].map(({ reply }) => reply.raw),
  };
}
