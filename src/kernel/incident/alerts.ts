import { SEVERITIES, type Severity } from '../policy/facts.ts';

/** An alert as its source holds it now; instants in epoch milliseconds. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
}

/** Which alerts are incidents, and how bad. */
export interface AlertRule {
  readonly label: string;
  readonly values: readonly string[];
  /** Alerts that share these labels are one incident. */
  readonly groupBy: readonly string[];
  readonly severityLabel: string;
  readonly severities: Readonly<Record<string, Severity>>;
}

/** The alerts that are one incident. */
export interface AlertGroup {
  readonly key: string;
  readonly title: string;
  /** The worst of them. */
  readonly severity: Severity;
  /** When the youngest of them began. */
  readonly startsAtMs: number;
  readonly alerts: number;
}

const LONGEST_TITLE = 300;

/** The alerts that are incidents, group by group. A silence ends nothing: a silenced alert is not "no alert". */
export function groupAlerts(alerts: readonly Alert[], rule: AlertRule): readonly AlertGroup[] {
  const groups = new Map<string, AlertGroup>();
  for (const alert of alerts) {
    const value = alert.labels[rule.label];
    if (value === undefined || !rule.values.includes(value)) continue;
    const group = groupOf(alert, rule);
    const before = groups.get(group.key);
    groups.set(group.key, before ? together(before, group) : group);
  }
  return [...groups.values()];
}

function groupOf(alert: Alert, { groupBy, severityLabel, severities }: AlertRule): AlertGroup {
  const values = groupBy.map((name) => alert.labels[name] ?? '');
  const written = alert.labels[severityLabel] ?? '';
  const known = Object.hasOwn(severities, written) ? severities[written] : undefined;
  return {
    key: JSON.stringify(values),
    title: titleOf(values, alert.annotations['summary']),
    // What nobody mapped is as bad as the worst that somebody did.
    severity: known ?? worst(Object.values(severities)),
    startsAtMs: alert.startsAtMs,
    alerts: 1,
  };
}

function together(a: AlertGroup, b: AlertGroup): AlertGroup {
  return {
    ...a,
    severity: worst([a.severity, b.severity]),
    startsAtMs: Math.max(a.startsAtMs, b.startsAtMs),
    alerts: a.alerts + b.alerts,
  };
}

function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? 'S1';
}

/** Whoever writes alerts writes here: no control or direction character, no line of theirs. */
function titleOf(values: readonly string[], summary: string | undefined): string {
  const named = values.filter((value) => value !== '').join(', ') || 'an alert without a name';
  const title = summary === undefined || summary.trim() === '' ? named : `${named}: ${summary}`;
  const plain = title.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.slice(0, LONGEST_TITLE).toWellFormed() || 'an alert without a name';
}

/** The newest incident of a key; instants in epoch milliseconds. */
export interface KnownIncident {
  readonly id: string;
  readonly key: string;
  readonly severity: Severity;
  readonly openedAtMs: number;
  readonly resolvedAtMs: number | null;
  readonly quietSinceMs: number | null;
}

/** What was seen, and by what is judged. */
export interface Sight {
  readonly groups: readonly AlertGroup[];
  /** Before it was asked, and now, by the database's clock. */
  readonly askedAtMs: number;
  readonly nowMs: number;
  /** Whether the source was proven alive: only then is "no alert" an answer. */
  readonly proven: boolean;
  readonly coolDownMs: number;
  readonly closes: boolean;
  readonly clockToleranceMs: number;
}

/** What follows from what was seen. */
export type AlertAct =
  | { readonly kind: 'open'; readonly group: AlertGroup }
  | { readonly kind: 'worsen'; readonly id: string; readonly from: Severity; readonly to: Severity }
  | { readonly kind: 'firing' | 'quiet' | 'close'; readonly id: string };

/**
 * What the alerts that are there, and those that are not, make of the incidents. It never lowers a severity: people do.
 * INVARIANT: nothing is quiet, and so nothing is closed, while the source is not proven alive.
 */
export function actsOn(known: readonly KnownIncident[], sight: Sight): readonly AlertAct[] {
  const newest = new Map(known.map((incident) => [incident.key, incident]));
  const firing = new Set(sight.groups.map(({ key }) => key));
  return [
    ...sight.groups.flatMap((group) => actsOfGroup(group, newest.get(group.key), sight)),
    ...known.filter(({ key }) => !firing.has(key)).flatMap((incident) => actsOfQuiet(incident, sight)),
  ];
}

function actsOfGroup(group: AlertGroup, known: KnownIncident | undefined, sight: Sight): AlertAct[] {
  if (!known) return [{ kind: 'open', group }];
  if (known.resolvedAtMs !== null) {
    // A person closed it while it fired: that alert opens no second one, a later one does.
    const later = group.startsAtMs + sight.clockToleranceMs > known.resolvedAtMs;
    return later && sight.askedAtMs > known.resolvedAtMs ? [{ kind: 'open', group }] : [];
  }
  const { id, severity } = known;
  const acts: AlertAct[] = known.quietSinceMs === null ? [] : [{ kind: 'firing', id }];
  if (worst([severity, group.severity]) !== severity)
    acts.push({ kind: 'worsen', id, from: severity, to: group.severity });
  return acts;
}

function actsOfQuiet(known: KnownIncident, sight: Sight): AlertAct[] {
  const { id, quietSinceMs, resolvedAtMs, openedAtMs } = known;
  // It was opened after the source was asked: this answer does not know of it yet.
  if (resolvedAtMs !== null || openedAtMs >= sight.askedAtMs) return [];
  if (!sight.proven) return quietSinceMs === null ? [] : [{ kind: 'firing', id }];
  if (quietSinceMs === null) return [{ kind: 'quiet', id }];
  return sight.closes && sight.nowMs - quietSinceMs >= sight.coolDownMs ? [{ kind: 'close', id }] : [];
}
