import { AppError } from '../../contract/errors.ts';
import type { AlertSettings } from '../../contract/alerts.ts';
import {
  actsOn,
  groupAlerts,
  type AlertAct,
  type AlertGroup,
  type KnownIncident,
} from '../../kernel/incident/alerts.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { insertDelivery, wasHeard } from '../../store/heard-deliveries.ts';
import { newestOfSource } from '../../store/incidents.ts';
import { databaseClockMs, newestProof } from '../../store/monitoring.ts';
import { writeStanding } from '../../store/standing.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { carryOutAct, SOURCE } from './alert-act.ts';

const LONGEST_KEY = 500;

/** What Alertmanager was told by, and where its alerts are. */
interface Heeding {
  readonly settings: AlertSettings;
  /** Digest of the webhook's body; `null` where nobody told us, and we look by ourselves. */
  readonly delivery: string | null;
}

/**
 * Fetches the alerts and makes of the incidents what follows. A webhook is the occasion, never the source: what it says is not
 * looked at. It is kept in the transaction of its effect, so that one that comes again changes nothing.
 *
 * @throws {AppError} `unavailable` where Alertmanager does not answer: nothing is opened, closed or kept, so that it tells again
 */
export async function heedAlerts(
  context: AppContext,
  { settings, delivery }: Heeding,
): Promise<'new' | 'before'> {
  if (delivery !== null && (await wasHeard(context.db, SOURCE, delivery))) return 'before';
  const askedAtMs = await databaseClockMs(context.db);
  const answer = await context.alerts.source?.alerts();
  if (!answer?.ok) {
    const because = answer?.because ?? 'no Alertmanager is configured';
    throw new AppError('unavailable', `expected the alerts from Alertmanager, got none: ${because}`);
  }
  const groups = groupAlerts(answer.value, settings).map((group) => withShortKey(context, group));
  return transact(context.db, async (tx) => {
    if (delivery !== null && !(await insertDelivery(tx, SOURCE, delivery))) return 'before';
    const seen = { groups, askedAtMs, settings };
    // Most looks find nothing new, and then no decision has to wait for this one.
    if ((await actsNow(tx, context, seen)).length === 0) return 'new';
    await writeStanding(tx);
    for (const act of await actsNow(tx, context, seen)) await carryOutAct(tx, context, act);
    return 'new';
  });
}

interface Seen {
  readonly groups: readonly AlertGroup[];
  readonly askedAtMs: number;
  readonly settings: AlertSettings;
}

async function actsNow(
  tx: Transaction,
  context: AppContext,
  { groups, askedAtMs, settings }: Seen,
): Promise<readonly AlertAct[]> {
  const known: KnownIncident[] = (await newestOfSource(tx, SOURCE)).map((row) => ({
    id: row.id,
    key: row.key,
    severity: row.severity,
    openedAtMs: row.opened_at.getTime(),
    resolvedAtMs: row.resolved_at?.getTime() ?? null,
    quietSinceMs: row.quiet_since?.getTime() ?? null,
  }));
  return actsOn(known, {
    groups,
    askedAtMs,
    nowMs: await clock(tx),
    proven: await isProven(tx, context),
    coolDownMs: settings.coolDown,
    closes: settings.closedBy === 'source',
    clockToleranceMs: context.policy.file.monitoring.clockTolerance,
  });
}

/** Whether the newest proofs say that alerts are made and reach Alertmanager: one that is not fed has none to show. */
async function isProven(tx: Transaction, { policy }: AppContext): Promise<boolean> {
  const environments = [...policy.policy.environments].filter(
    ([, { operational, monitoring }]) => operational && monitoring.includes('alertmanager'),
  );
  for (const [name] of environments) {
    const proof = await newestProof(tx, name, null);
    const young = proof !== undefined && proof.age_ms <= policy.file.limits.monitoringProofAge;
    if (!young || proof.prometheus !== 'pass' || proof.alertmanager !== 'pass') return false;
  }
  return environments.length > 0;
}

/** An index holds no key of any length; labels may be long. */
function withShortKey(context: AppContext, group: AlertGroup): AlertGroup {
  return group.key.length <= LONGEST_KEY ? group : { ...group, key: digestOf(context, group.key) };
}
