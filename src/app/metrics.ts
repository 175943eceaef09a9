type Labels = Readonly<Record<string, string>>;

type MetricType = 'counter' | 'gauge' | 'histogram';

/** The metrics that every server has. Durations are in seconds. What runs beside declares its own. */
const METRICS: Readonly<Record<string, readonly [MetricType, string]>> = {
  interlock_decisions_total: ['counter', 'Decisions by action and whether they allowed.'],
  interlock_denials_total: ['counter', 'Rules that said deny or unknown in a decision.'],
  interlock_unauthenticated_total: ['counter', 'Calls without valid credentials.'],
  interlock_forbidden_total: ['counter', 'Calls by somebody who may not make them.'],
  interlock_http_requests_total: ['counter', 'Requests by method, route and status.'],
  interlock_http_request_seconds: ['histogram', 'Time from a request to its answer.'],
  interlock_job_failures_total: ['counter', 'Failures of a job for one of several, by job.'],
  interlock_monitoring_proofs_total: ['counter', 'Proofs of monitoring by part and verdict.'],
  interlock_outside_attempts_total: ['counter', 'Attempts to have a peer take something, by outcome.'],
  interlock_outside_waiting: ['gauge', 'Messages that wait for a peer to take them.'],
  interlock_outside_given_up: ['gauge', 'Messages to a peer that nobody tries to send any more.'],
  interlock_running_changes: ['gauge', 'Changes that run now.'],
};

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

interface Histogram {
  /** Observations up to each bucket, not cumulated; the last stands for those above all. */
  readonly counts: number[];
  sum: number;
}

interface Family {
  readonly type: MetricType;
  readonly help: string;
  /** By their labels as text. */
  readonly values: Map<string, number>;
  readonly histograms: Map<string, Histogram>;
}

/** Counters, gauges and histograms of this process, written in Prometheus' text format. */
export class Metrics {
  readonly #families = new Map<string, Family>();

  constructor() {
    for (const [name, [type, help]] of Object.entries(METRICS)) this.declare(name, type, help);
    // A counter that is absent until its first event hides that event from a rate.
    for (const name of ['interlock_unauthenticated_total', 'interlock_forbidden_total'])
      this.count(name, {}, 0);
  }

  /** Declares a metric before its first use. A second time changes nothing. */
  declare(name: string, type: MetricType, help: string): void {
    entryOf(this.#families, name, () => ({ type, help, values: new Map(), histograms: new Map() }));
  }

  count(name: string, labels: Labels = {}, by = 1): void {
    const { values } = this.#family(name);
    const key = labelText(labels);
    values.set(key, (values.get(key) ?? 0) + by);
  }

  set(name: string, labels: Labels, value: number): void {
    this.#family(name).values.set(labelText(labels), value);
  }

  /** Adds an observation, such as a duration in seconds, to a histogram. */
  observe(name: string, labels: Labels, value: number): void {
    const histogram = entryOf(this.#family(name).histograms, labelText(labels), () => ({
      counts: Array.from({ length: BUCKETS.length + 1 }, () => 0),
      sum: 0,
    }));
    const found = BUCKETS.findIndex((bound) => value <= bound);
    const bucket = found === -1 ? BUCKETS.length : found;
    histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
    histogram.sum += value;
  }

  /** All metrics in Prometheus' text exposition format 0.0.4. */
  text(): string {
    let text = '';
    for (const [name, { type, help, values, histograms }] of this.#families) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
      for (const [labels, value] of values) text += `${name}${braces(labels)} ${value}\n`;
      for (const [labels, value] of histograms) text += histogramText(name, labels, value);
    }
    return text;
  }

  #family(name: string): Family {
    const family = this.#families.get(name);
    if (!family) throw new Error(`expected a declared metric, got \`${name}\``);
    return family;
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}

function histogramText(name: string, labels: string, { counts, sum }: Histogram): string {
  let text = '';
  let total = 0;
  for (const [index, count] of counts.entries()) {
    total += count;
    const le = `le="${BUCKETS[index] ?? '+Inf'}"`;
    text += `${name}_bucket${braces(labels === '' ? le : `${labels},${le}`)} ${total}\n`;
  }
  return `${text}${name}_sum${braces(labels)} ${sum}\n${name}_count${braces(labels)} ${total}\n`;
}

function labelText(labels: Labels): string {
  return Object.keys(labels)
    .toSorted()
    .map((name) => `${name}="${escape(labels[name] ?? '')}"`)
    .join(',');
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
