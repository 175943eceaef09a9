import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Check,
  type CheckResult,
  type Measurement,
  type MeasureKind,
  MEASURES,
} from '../contract/check.ts';
import type { WatchedMetric } from '../contract/plan.ts';
import { judgeCheck, judgeUnfinished, type Limits, SINGLE } from '../kernel/verify/check.ts';
import { errored, type Ranges } from '../kernel/verify/measurement.ts';
import type { Judgement } from '../kernel/verify/verdict.ts';
import { measureAlertmanager } from './alertmanager.ts';
import { measureCommand } from './command.ts';
import type { CheckContext } from './context.ts';
import { measureCount } from './count.ts';
import { measureDns } from './dns.ts';
import { measureFile } from './file.ts';
import { measureHttp } from './http.ts';
import { measureInventory } from './inventory-check.ts';
import type { Measured } from './measured.ts';
import { measurePort } from './port.ts';
import { measurePostgres } from './postgres.ts';
import { measureProcess } from './process.ts';
import { measurePrometheus } from './prometheus.ts';
import { measureTcp } from './tcp.ts';
import { measureTls } from './tls.ts';
import { measureZone } from './zone.ts';

/**
 * Measures a check until its verdict stands: a metric as often as it says, anything else once. Never throws for what the outside
 * does; an abort makes it `unknown`.
 */
export async function measureCheck(check: Check, context: CheckContext): Promise<CheckResult> {
  const { limits, initialDelayMs, intervalMs } = rhythm(check);
  const measurements: Measurement[] = [];
  const result = ({ verdict, because }: Judgement): CheckResult => ({
    name: check.name,
    verdict,
    because,
    measurements,
  });

  let goesOn = await pause(initialDelayMs, context.signal);
  while (goesOn) {
    const measured = await measureOnce(check, context);
    if (context.signal.aborted) break;
    measurements.push({ ...measured, measuredAt: new Date(context.now()).toISOString() });
    const progress = judgeCheck(measurements, limits);
    if (progress.done) return result(progress);
    goesOn = await pause(intervalMs, context.signal);
  }
  return result(judgeUnfinished(measurements, 'it was given up'));
}

/** Measures a watched metric: a fail means that it lies in the range in which the plan rolls back. */
export function measureWatched(metric: WatchedMetric, context: CheckContext): Promise<CheckResult> {
  const { name, prometheus, expect, rollBackWhen } = metric;
  return measureCheck({ name, prometheus, expect, failWhen: rollBackWhen, targets: [] }, context);
}

type Measure = (check: Check, ranges: Ranges, context: CheckContext) => Promise<Measured> | null;

const MEASURE = {
  postgres: ({ postgres }, ranges, context) => (postgres ? measurePostgres(postgres, ranges, context) : null),
  prometheus: ({ prometheus }, ranges, context) =>
    prometheus ? measurePrometheus(prometheus, ranges, context) : null,
  http: ({ http }, ranges, context) => (http ? measureHttp(http, ranges, context) : null),
  tcp: ({ tcp }, ranges, context) => (tcp ? measureTcp(tcp, ranges, context) : null),
  command: ({ command }, ranges, context) => (command ? measureCommand(command, ranges, context) : null),
  tls: ({ tls }, ranges, context) => (tls ? measureTls(tls, ranges, context) : null),
  dns: ({ dns }, ranges, context) => (dns ? measureDns(dns, ranges, context) : null),
  zone: ({ zone }, ranges, context) => (zone ? measureZone(zone, ranges, context) : null),
  count: ({ count }, ranges, context) => (count ? measureCount(count, ranges, context) : null),
  file: ({ file }, ranges, context) => (file ? measureFile(file, ranges, context) : null),
  process: ({ process }, ranges) => (process ? measureProcess(process, ranges) : null),
  port: ({ port }, ranges) => (port ? measurePort(port, ranges) : null),
  alertmanager: ({ alertmanager }, ranges, context) =>
    alertmanager ? measureAlertmanager(alertmanager, ranges, context) : null,
  inventory: ({ inventory, targets }, ranges, context) =>
    inventory ? measureInventory(inventory, { ...ranges, targets }, context) : null,
} satisfies Record<MeasureKind, Measure>;

async function measureOnce(check: Check, context: CheckContext): Promise<Measured> {
  for (const kind of MEASURES) {
    const { expect, failWhen } = check;
    const measured = MEASURE[kind](check, { expect, failWhen }, context);
    if (measured) return measured;
  }
  return { ...errored('something to measure wanted; the check names nothing'), raw: '' };
}

interface Rhythm {
  readonly limits: Limits;
  readonly initialDelayMs: number;
  readonly intervalMs: number;
}

function rhythm({ prometheus }: Check): Rhythm {
  if (!prometheus) return { limits: SINGLE, initialDelayMs: 0, intervalMs: 0 };
  return { limits: prometheus, initialDelayMs: prometheus.initialDelay, intervalMs: prometheus.interval };
}

/** Whether the time has passed without an abort. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  if (ms <= 0) return true;
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
