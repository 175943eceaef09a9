import type { MonitoringProver, MonitoringQuestion, WatchdogHeard } from '../app/ports/monitoring.ts';
import type { MonitoringProof, MonitoringSettings, ProbeResult } from '../contract/monitoring.ts';
import { type Outcome, read, unread } from '../kernel/verify/outcome.ts';
import { judgeProof } from '../kernel/verify/proof.ts';
import { pass, unknown } from '../kernel/verify/verdict.ts';
import { judgeWarnings } from '../kernel/verify/warnings.ts';
import { judgeNotification } from '../kernel/verify/watchdog.ts';
import { proveAlertmanager } from './alertmanager/probes.ts';
import type { Intervals, Parameter } from './prometheus/parameters.ts';
import { provePrometheus } from './prometheus/probes.ts';
import { type Probed, probed, proofClock } from './prometheus/proving.ts';
import { proveThanos } from './thanos/probes.ts';

/** Where the monitoring platform of an environment is. `null`: not configured, so nothing is proven. */
export interface MonitoringEndpoints {
  readonly prometheus: string | null;
  readonly alertmanager: string | null;
  /** `absent`: the policy says that the company has none. */
  readonly thanos: { readonly url: string } | 'absent' | null;
}

export interface MonitoringOptions {
  readonly settings: MonitoringSettings;
  readonly endpoints: (environment: string) => MonitoringEndpoints;
  /** Tells when the Watchdog's notification last reached us; asked only if the settings name its repeat interval. */
  readonly watchdogHeard?: WatchdogHeard;
}

/** Proves monitoring against the real programs: SAFETY section 2. */
export function createMonitoringProver(options: MonitoringOptions): MonitoringProver {
  return { prove: (environment, question) => prove(options, environment, question) };
}

async function prove(
  options: MonitoringOptions,
  environment: string,
  question: MonitoringQuestion,
): Promise<MonitoringProof> {
  const { settings } = options;
  const endpoints = options.endpoints(environment);
  const clock = proofClock(question.nowMs);
  // One deadline for all: however many hang, the proof is over by then.
  const signal = AbortSignal.timeout(settings.timeout);
  const at = (baseUrl: string) => ({
    source: { baseUrl, signal },
    settings,
    targets: question.targets,
    clock,
  });

  const ofPrometheus = endpoints.prometheus === null ? null : provePrometheus(at(endpoints.prometheus));
  const unasked = Promise.resolve({ value: settings.resendDelay, heard: [] });
  const [prometheus, alertmanager, thanos, notification] = await Promise.all([
    ofPrometheus?.probes ?? [
      unconfigured('prometheus', `no Prometheus is configured for \`${environment}\``),
    ],
    endpoints.alertmanager === null
      ? [unconfigured('alertmanager', `no Alertmanager is configured for \`${environment}\``)]
      : proveAlertmanager(at(endpoints.alertmanager), ofPrometheus?.resendDelayMs ?? unasked),
    thanosProof(endpoints.thanos, (url) => proveThanos(at(url), ofPrometheus?.intervals ?? noIntervals())),
    proveNotification(options, environment, { nowMs: question.nowMs, signal }),
  ]);
  const asked = [...prometheus, ...alertmanager, ...thanos, ...notification];
  const answers = prometheus.flatMap((one) => one.answers);
  const warnings = probed(
    'M13',
    'prometheus',
    judgeWarnings(answers, { allowed: settings.allowedWarnings }),
    [],
  );
  const probes: readonly ProbeResult[] = [...asked, warnings].map(({ result }) => result);
  return {
    ...judgeProof(probes),
    probes: [...probes],
    places: Object.assign({}, ...prometheus.map((one) => one.places)) as MonitoringProof['places'],
    provedAt: new Date(question.nowMs).toISOString(),
  };
}

function unconfigured(part: 'prometheus' | 'alertmanager', because: string): Probed {
  return probed('M1', part, unknown(because), []);
}

/** M12 and what goes with it. */
async function thanosProof(
  endpoint: MonitoringEndpoints['thanos'],
  ask: (url: string) => Promise<readonly Probed[]>,
): Promise<readonly Probed[]> {
  if (endpoint === 'absent')
    return [probed('M12', 'thanos', pass('the policy says that there is no Thanos'), [])];
  if (endpoint !== null) return ask(endpoint.url);
  const because =
    'a proof of Thanos wanted; none is configured, and the policy does not say that there is none';
  return [probed('M12', 'thanos', unknown(because), [])];
}

/** Without Prometheus nobody says how often it scrapes itself. */
function noIntervals(): Promise<Parameter<Intervals>> {
  return Promise.resolve({ value: { selfMs: null, of: () => null }, heard: [] });
}

/** M11, where the settings ask for it. */
async function proveNotification(
  { settings, watchdogHeard }: MonitoringOptions,
  environment: string,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<readonly Probed[]> {
  const withinMs = settings.watchdog.notifiedWithin;
  if (withinMs === null) return [];
  const heard = watchdogHeard
    ? await inTime(watchdogHeard(environment), signal)
    : unread('nothing here receives it');
  return [probed('M11', 'alertmanager', judgeNotification(heard, { nowMs, withinMs }), [])];
}

async function inTime<T>(promise: Promise<T>, signal: AbortSignal): Promise<Outcome<T>> {
  const over = new Promise<Outcome<T>>((resolve) => {
    signal.addEventListener('abort', () => resolve(unread('it could not be told in time')), { once: true });
  });
  const told = promise.then(read, () => unread('it could not be told'));
  return Promise.race([told, over]);
}
