import { AppError } from '../../contract/errors.ts';
import type { RunAlerts } from '../../contract/run-alerts.ts';
import type { Alert } from '../../kernel/incident/alerts.ts';
import { alertsOfRun, type RunAlert } from '../../kernel/incident/run-alerts.ts';
import type { Outcome } from '../../kernel/verify/outcome.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertDelivery } from '../../store/heard-deliveries.ts';
import { insertEffect } from '../../store/outbox.ts';
import { onDutyNow } from '../../store/rota.ts';
import { findRun, liveRuns, type StoredRun } from '../../store/runs.ts';
import { systemCall } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellPeople } from '../notice/tell.ts';
import { recordEvents } from './record.ts';

/** The source of what is told once of an alert. */
const SOURCE = 'run-alert';

/** The alerts that fire now and have to do with a run, those that began since it did first. @throws {AppError} `not_found` */
export async function readRunAlerts(context: AppContext, runId: string): Promise<RunAlerts> {
  const run = await findRun(context.db, runId);
  if (run === null)
    throw new AppError('not_found', `expected a run, got \`${runId}\`, which there is none of`);
  const answer = await alertsNow(context);
  if (!answer.ok) return { because: answer.because, alerts: [] };
  return { because: null, alerts: judged(context, run, answer.value).map(viewOf) };
}

/**
 * Tells of every alert that began since a live run did and has to do with it, once: those who execute, the event manager and the engineer on
 * call, the channel, the record. It stops nothing by itself: what a plan watches does, and an alert that is an incident. Gives how many were new.
 */
export async function tellOfRunAlerts(context: AppContext): Promise<number> {
  const runs = context.alerts.source === null ? [] : await liveRuns(context.db);
  if (runs.length === 0) return 0;
  const answer = await alertsNow(context);
  if (!answer.ok) return 0;
  let told = 0;
  for (const run of runs) {
    for (const one of judged(context, run, answer.value).filter(({ judged: how }) => how === 'since')) {
      if (await transact(context.db, (tx) => tellOnce(tx, context, run, one))) told += 1;
    }
  }
  return told;
}

async function alertsNow({ alerts: { source } }: AppContext): Promise<Outcome<readonly Alert[]>> {
  return (await source?.alerts()) ?? { ok: false, because: 'no Alertmanager is configured' };
}

function judged({ policy }: AppContext, run: StoredRun, alerts: readonly Alert[]): readonly RunAlert[] {
  const { targetLabels, environmentLabel, watchdog, clockTolerance } = policy.file.monitoring;
  return alertsOfRun(
    alerts,
    { targets: run.targets ?? [], environment: run.environment, startedAtMs: run.startedAt },
    { targetLabels, environmentLabel, watchdog: watchdog.alert, clockToleranceMs: clockTolerance },
  );
}

async function tellOnce(
  tx: Transaction,
  context: AppContext,
  run: StoredRun,
  one: RunAlert,
): Promise<boolean> {
  // One that ended and begins anew is another.
  const key = `${run.id}:${digestOf(context, { labels: one.alert.labels, startsAt: one.alert.startsAtMs })}`;
  if (!(await insertDelivery(tx, SOURCE, key))) return false;
  const { name, summary } = viewOf(one);
  const where = one.target ?? run.environment;
  const about = `change/${run.changeId}`;
  const body = `${run.changeId}: the alert ${name} fires on ${where} since ${new Date(one.alert.startsAtMs).toISOString()}, after ${run.id} began${summary === null ? '' : `: ${summary}`}. interlock alerts ${run.id}`;
  const { eoc } = await onDutyNow(tx);
  const to = [run.executor, run.runner.person, ...(eoc === undefined ? [] : [eoc])];
  await tellPeople(tx, { to, key: `run-alert:${key}`, kind: 'run-alert', about, body });
  await insertEffect(tx, { key: `run-alert:${key}`, topic: 'say', payload: { about, body }, about });
  const event = {
    type: 'run.alert',
    action: 'judge',
    outcome: 'error',
    reason: `the alert ${name} began on ${where} after the run did`,
  } as const;
  await recordEvents(tx, context, systemCall('alerts'), { run, events: [event] });
  return true;
}

/** Whoever writes alerts writes here: no control or direction character. */
function viewOf({ alert, target, judged: how }: RunAlert): RunAlerts['alerts'][number] {
  const summary = alert.annotations['summary'];
  return {
    name: plain(alert.labels['alertname'] ?? '') || 'an alert without a name',
    summary: summary === undefined ? null : plain(summary),
    target,
    startsAt: new Date(alert.startsAtMs).toISOString(),
    judged: how,
  };
}

function plain(text: string): string {
  return text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
}
