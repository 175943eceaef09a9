import { judgeCluster } from '../../kernel/verify/cluster.ts';
import { judgeReadiness } from '../../kernel/verify/readiness.ts';
import { judgeWatchdog } from '../../kernel/verify/watchdog.ts';
import { ask } from '../prometheus/ask.ts';
import type { Parameter } from '../prometheus/parameters.ts';
import { type Probed, probed, type Proving } from '../prometheus/proving.ts';
import { quoted } from '../prometheus/selector.ts';
import { readAlerts, readCluster } from './answer.ts';

/**
 * Asks everything that Alertmanager has to answer: M1, M9 and M10.
 * @param resendDelayMs Prometheus's, by which the Watchdog's age is judged
 */
export function proveAlertmanager(
  proving: Proving,
  resendDelayMs: Promise<Parameter<number | null>>,
): Promise<readonly Probed[]> {
  return Promise.all([probeReadiness(proving), probeCluster(proving), probeWatchdog(proving, resendDelayMs)]);
}

async function probeReadiness({ source }: Proving): Promise<Probed> {
  const reply = await ask(source, '/-/ready');
  const judgement = judgeReadiness('Alertmanager', reply);
  return probed('M1', 'alertmanager', judgement, [{ outcome: { ok: true, value: null }, reply }]);
}

async function probeCluster({ source, settings }: Proving): Promise<Probed> {
  const reply = await ask(source, '/api/v2/status');
  const outcome = readCluster(reply);
  const judgement = judgeCluster(outcome, { alone: settings.alertmanagerAlone });
  return probed('M9', 'alertmanager', judgement, [{ outcome, reply }]);
}

async function probeWatchdog(
  { source, settings, clock }: Proving,
  resendDelayMs: Promise<Parameter<number | null>>,
): Promise<Probed> {
  const { watchdog, clockTolerance } = settings;
  // The filter spares a large answer; whoever drops it on the way changes nothing, since the names are compared here again.
  const filter = `alertname=${quoted(watchdog.alert)}`;
  const [reply, resendDelay] = await Promise.all([ask(source, '/api/v2/alerts', { filter }), resendDelayMs]);
  const outcome = readAlerts(reply);
  const judgement = judgeWatchdog(outcome, {
    alert: watchdog.alert,
    labels: watchdog.labels,
    resendDelayMs: resendDelay.value,
    resendDelays: watchdog.resendDelays,
    asked: clock.asked(reply),
    clockMs: reply.answered ? reply.dateMs : null,
    clockToleranceMs: clockTolerance,
  });
  return probed('M10', 'alertmanager', judgement, [{ outcome, reply }, ...resendDelay.heard]);
}
