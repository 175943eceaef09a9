import { inconclusive, judgeValue, type MeasuredValue, type Ranges } from './measurement.ts';
import { counted, named, span } from './quantity.ts';
import type { HeldAlert } from './watchdog.ts';

type Labels = Readonly<Record<string, string>>;

/** What is asked of the alerts that Alertmanager holds. */
export interface FiringWanted extends Ranges {
  /** Labels that an alert must bear to be meant. */
  readonly labels: Labels;
  readonly suppressed: 'unclear' | 'allowed';
  /** The alert that always fires, and how long ago it may have been updated. */
  readonly heartbeat: { readonly labels: Labels; readonly maxAge: number };
  readonly nowMs: number;
}

const NONE: Ranges = { expect: { equals: 0 } };

/**
 * Judges how many alerts fire; without a range none may. An empty list says nothing by itself: Alertmanager is just as silent where
 * Prometheus is dead, so a fresh heartbeat has to stand beside it. What fires unseen, silenced or inhibited, is listed and unclear.
 */
export function judgeFiring(alerts: readonly HeldAlert[], wanted: FiringWanted): MeasuredValue {
  const meant = alerts.filter(({ labels }) => bears(labels, wanted.labels));
  const hidden = meant.filter(({ state }) => state === 'suppressed');
  const firing = meant.filter(({ state }) => state !== 'suppressed');
  const range = wanted.expect || wanted.failWhen ? wanted : NONE;
  const judged = judgeValue(firing.length, range);
  const about = `firing with ${labelsText(wanted.labels)}${listed(firing)}`;
  const also = hidden.length === 0 ? '' : `; silenced or inhibited${listed(hidden)}`;
  const because = `${judged.because} (${about}${also})`;
  if (judged.verdict !== 'pass') return { ...judged, because };
  const doubt = doubtOfHeartbeat(alerts, wanted);
  if (doubt !== null) return inconclusive(`${doubt}; ${because}`, firing.length);
  return hidden.length > 0 && wanted.suppressed !== 'allowed'
    ? inconclusive(`no alert silenced or inhibited wanted; ${because}`, firing.length)
    : { ...judged, because };
}

function doubtOfHeartbeat(
  alerts: readonly HeldAlert[],
  { heartbeat: { labels, maxAge }, nowMs }: FiringWanted,
): string | null {
  const wanted = `a heartbeat ${labelsText(labels)} updated within ${span(maxAge)} wanted`;
  const beats = alerts.filter((alert) => bears(alert.labels, labels));
  if (beats.length === 0) return `${wanted}; there is none`;
  // Of several the oldest speaks: each stands for a Prometheus that ought to be alive.
  const ageMs = nowMs - Math.min(...beats.map(({ updatedAtMs }) => updatedAtMs));
  return Math.abs(ageMs) <= maxAge ? null : `${wanted}; the last is ${span(ageMs)} old`;
}

/** A silence, as far as it matters here. */
export interface HeldSilence {
  readonly id: string;
  readonly matchers: readonly {
    readonly name: string;
    readonly value: string;
    readonly isRegex: boolean;
    readonly isEqual: boolean;
  }[];
  readonly createdBy: string;
  readonly comment: string;
}

/** Judges how many silences in force could hide an alert with these labels; each is listed by its matchers. Without a range none may. */
export function judgeSilences(
  silences: readonly HeldSilence[],
  { labels, ...ranges }: { readonly labels: Labels } & Ranges,
): MeasuredValue {
  const meant = silences.filter((silence) => couldHide(silence, labels));
  const { verdict, value, because } = judgeValue(
    meant.length,
    ranges.expect || ranges.failWhen ? ranges : NONE,
  );
  const list = meant.length === 0 ? '' : `: ${named(meant.map(matchersText))}`;
  return { verdict, value, because: `${because} (silences in force for ${labelsText(labels)}${list})` };
}

/** A label that was not given may have any value; a pattern that cannot be read may match anything. */
function couldHide({ matchers }: HeldSilence, labels: Labels): boolean {
  return matchers.every(({ name, value, isRegex, isEqual }) => {
    const label = labels[name];
    if (label === undefined) return true;
    const met = isRegex ? matches(value, label) : value === label;
    return met === null || met === isEqual;
  });
}

/** Alertmanager's patterns stand for the whole value. */
function matches(pattern: string, label: string): boolean | null {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(label);
  } catch {
    return null;
  }
}

function matchersText({ matchers, createdBy }: HeldSilence): string {
  const texts = matchers.map(({ name, value, isRegex, isEqual }) => {
    const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
    return `${name}${operator}"${value}"`;
  });
  return `{${texts.join(', ')}} by ${createdBy}`;
}

function bears(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

const labelsText = (labels: Labels) =>
  `\`{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}\``;

const listed = (alerts: readonly HeldAlert[]) =>
  alerts.length === 0 ? '' : `: ${counted(alerts.length, 'alert')}, ${named(alerts.map(nameOf))}`;

function nameOf({ labels }: HeldAlert): string {
  const { alertname = 'an alert without a name', instance } = labels;
  return instance === undefined ? alertname : `${alertname} of ${instance}`;
}
