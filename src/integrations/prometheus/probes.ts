import { judgeClock } from '../../kernel/verify/clock.ts';
import { judgeDelivery } from '../../kernel/verify/delivery.ts';
import { judgeIngestion } from '../../kernel/verify/ingestion.ts';
import { onlyValue } from '../../kernel/verify/metric.ts';
import { judgeReadiness } from '../../kernel/verify/readiness.ts';
import { judgeRules } from '../../kernel/verify/rules.ts';
import { judgeSelfAge } from '../../kernel/verify/self-age.ts';
import { unknown } from '../../kernel/verify/verdict.ts';
import { ask, type Reply } from './ask.ts';
import { promqlWindow } from './duration.ts';
import { askParameters, type Parameters } from './parameters.ts';
import { type Probed, probed, type Proving, query } from './proving.ts';
import { quoted, upOfJob } from './selector.ts';
import { dataOf, readAlertmanagers, readRules } from './status.ts';
import { probeFlapping, probeTargets } from './up.ts';

/** Scrapes in a window of M6 and M8: `rate` wants at least four. */
const SCRAPES = 5;
/** Resend delays in the window of M8: an alert is sent at the first evaluation past its delay. */
const RESENDS = 3;

/** The proof of Prometheus under way. None of the promises rejects. */
export interface PrometheusProof {
  readonly probes: Promise<readonly Probed[]>;
  readonly resendDelayMs: Parameters['resendDelayMs'];
  readonly intervals: Parameters['intervals'];
}

/** Asks everything that Prometheus has to answer: M1 to M7, and M8, which counts for the way to Alertmanager. */
export function provePrometheus(proving: Proving): PrometheusProof {
  const parameters = askParameters(proving);
  const clock = askClock(proving);
  return {
    resendDelayMs: parameters.resendDelayMs,
    intervals: parameters.intervals,
    probes: Promise.all([
      probeReadiness(proving),
      clock.then(({ probe }) => probe),
      probeSelfAge(proving, parameters),
      ...(proving.targets === null ? [] : [probeTargets(proving, proving.targets)]),
      probeFlapping(proving, parameters),
      probeIngestion(proving, parameters),
      probeRules(proving, clock),
      probeDelivery(proving, parameters),
    ]),
  };
}

async function probeReadiness({ source }: Proving): Promise<Probed> {
  const reply = await ask(source, '/-/ready');
  return probed('M1', 'prometheus', judgeReadiness('Prometheus', reply), [
    { outcome: { ok: true, value: null }, reply },
  ]);
}

interface ClockProbe {
  readonly probe: Probed;
  /** How far Prometheus's clock is ahead of the database's; 0 where it is not known. */
  readonly aheadMs: number;
}

async function askClock({ source, clock, settings }: Proving): Promise<ClockProbe> {
  const [one, time] = await Promise.all([query(source, 'vector(1)'), query(source, 'time()')]);
  const asked = clock.asked(time.reply);
  const judgement = judgeClock(one.outcome, time.outcome, { asked, toleranceMs: settings.clockTolerance });
  const seconds = onlyValue(time.outcome);
  return {
    probe: probed('M2', 'prometheus', judgement, [one, time]),
    aheadMs: seconds === null ? 0 : seconds * 1_000 - asked[1],
  };
}

async function probeSelfAge({ source, settings }: Proving, { intervals }: Parameters): Promise<Probed> {
  const up = upOfJob(settings.job);
  const [age, { value, heard }] = await Promise.all([
    query(source, `time() - max(timestamp(${up}))`),
    intervals,
  ]);
  const judgement = judgeSelfAge(age.outcome, {
    job: settings.job,
    scrapeIntervalMs: value.selfMs,
    intervals: settings.sampleAgeIntervals,
  });
  return probed('M3', 'prometheus', judgement, [age, ...heard]);
}

async function probeIngestion({ source, settings }: Proving, { intervals }: Parameters): Promise<Probed> {
  const { selfMs } = (await intervals).value;
  if (selfMs === null) {
    return probed(
      'M6',
      'prometheus',
      unknown('samples appended wanted; the scrape interval is not known'),
      [],
    );
  }
  const windowMs = SCRAPES * selfMs;
  const counter = `prometheus_tsdb_head_samples_appended_total{job=${quoted(settings.job)}}`;
  const rates = await query(source, `sum by (instance) (rate(${counter}[${promqlWindow(windowMs)}]))`);
  return probed('M6', 'prometheus', judgeIngestion(rates.outcome, windowMs), [rates]);
}

async function probeRules(
  { source, clock, settings }: Proving,
  itsClock: Promise<ClockProbe>,
): Promise<Probed> {
  const [reply, { aheadMs }] = await Promise.all([askRules(source), itsClock]);
  const outcome = readRules(reply);
  const [, toMs] = clock.asked(reply);
  const judgement = judgeRules(dataOf(outcome), { nowMs: toMs + aheadMs, intervals: settings.ruleIntervals });
  return probed('M7', 'prometheus', judgement, [{ outcome, reply }]);
}

/** Newer versions then leave the alerts out, which are many and not looked at; older ones do not know the word. */
const askRules = (source: Proving['source']): Promise<Reply> =>
  ask(source, '/api/v1/rules', { exclude_alerts: 'true' });

async function probeDelivery({ source, settings }: Proving, parameters: Parameters): Promise<Probed> {
  const reply = ask(source, '/api/v1/alertmanagers');
  const [intervals, resendDelay] = await Promise.all([parameters.intervals, parameters.resendDelayMs]);
  const { selfMs } = intervals.value;
  if (selfMs === null || resendDelay.value === null) {
    const what = selfMs === null ? 'scrape interval' : 'resend delay';
    return probed('M8', 'alertmanager', unknown(`alerts sent wanted; Prometheus's ${what} is not known`), []);
  }
  const windowMs = Math.max(RESENDS * resendDelay.value, SCRAPES * selfMs);
  const increase = (counter: string) =>
    query(
      source,
      `sum by (alertmanager) (increase(${counter}{job=${quoted(settings.job)}}[${promqlWindow(windowMs)}]))`,
    );
  const [known, sent, errors] = await Promise.all([
    reply.then((answer) => ({ outcome: readAlertmanagers(answer), reply: answer })),
    increase('prometheus_notifications_sent_total'),
    increase('prometheus_notifications_errors_total'),
  ]);
  const judgement = judgeDelivery({
    alertmanagers: dataOf(known.outcome),
    sent: sent.outcome,
    errors: errors.outcome,
    windowMs,
  });
  return probed('M8', 'alertmanager', judgement, [known, sent, errors, ...resendDelay.heard]);
}
