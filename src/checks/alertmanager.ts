import type { AlertmanagerMeasure } from '../contract/measure-monitoring.ts';
import { readAlerts, readSilences } from '../integrations/alertmanager/answer.ts';
import { ask, type Reply, type Source } from '../integrations/prometheus/ask.ts';
import { judgeFiring, judgeSilences } from '../kernel/verify/firing.ts';
import { errored, type MeasuredValue, type Ranges } from '../kernel/verify/measurement.ts';
import type { CheckContext } from './context.ts';
import { cut, type Measured } from './measured.ts';

/** Counts the alerts that fire with these labels, or the silences that could hide one; both are listed. */
export async function measureAlertmanager(
  spec: AlertmanagerMeasure,
  ranges: Ranges,
  { alertmanagerUrl, signal, now }: CheckContext,
): Promise<Measured> {
  if (alertmanagerUrl === null)
    return { ...errored('an Alertmanager to ask wanted; none is configured'), raw: '' };
  const source: Source = {
    baseUrl: alertmanagerUrl,
    signal: AbortSignal.any([signal, AbortSignal.timeout(spec.timeout)]),
  };
  return spec.measure === 'silences'
    ? measureSilences(spec, ranges, source)
    : measureFiring(spec, { ranges, source, nowMs: now() });
}

async function measureFiring(
  { labels, suppressed, heartbeat }: AlertmanagerMeasure,
  { ranges, source, nowMs }: { readonly ranges: Ranges; readonly source: Source; readonly nowMs: number },
): Promise<Measured> {
  // Without a filter, which somebody on the way may drop or change: the labels are compared here.
  const reply = await ask(source, '/api/v2/alerts', ALL);
  const alerts = readAlerts(reply);
  if (!alerts.ok) return withRaw(errored(`the alerts of Alertmanager wanted; ${alerts.because}`), reply);
  const { expect, failWhen } = ranges;
  return withRaw(
    judgeFiring(alerts.value, { labels, suppressed, heartbeat, expect, failWhen, nowMs }),
    reply,
  );
}

const ALL = { active: 'true', silenced: 'true', inhibited: 'true', unprocessed: 'true' };

async function measureSilences(
  { labels }: AlertmanagerMeasure,
  { expect, failWhen }: Ranges,
  source: Source,
): Promise<Measured> {
  const reply = await ask(source, '/api/v2/silences');
  const silences = readSilences(reply);
  if (!silences.ok)
    return withRaw(errored(`the silences of Alertmanager wanted; ${silences.because}`), reply);
  const active = silences.value.filter(({ status }) => status.state === 'active');
  return withRaw(judgeSilences(active, { labels, expect, failWhen }), reply);
}

const withRaw = (measured: MeasuredValue, { raw }: Reply): Measured => ({
  ...measured,
  raw: cut(`${raw.request}\n${raw.status ?? 'no answer'}\n${raw.body}`),
});
