import { counted, named, span } from './quantity.ts';
import { labelKey, type QueryOutcome, type Series } from './series.ts';
import { isAbout } from './targets.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** What M5 looks at, and how much of it has to be there. */
export interface FlappingWanted {
  readonly job: string;
  readonly targets: readonly string[];
  readonly targetLabels: readonly string[];
  readonly window: Window;
  /** Scrape interval of one series, from its labels. */
  readonly intervalMs: (labels: Readonly<Record<string, string>>) => number | null;
  /** Share of the scrapes due in the window that must be there, from 0 to 1. */
  readonly coverage: number;
  /** Fewer samples than this never prove anything. */
  readonly samples: number;
}

/** The window that is looked at, and the one that the settings ask for. */
export interface Window {
  readonly askedMs: number;
  readonly ms: number;
}

/** Prometheus looks for its targets this long after its start before it scrapes the first. */
const DISCOVERY_MS = 5_000;

/** The window that can be looked at: as asked, or the age of Prometheus where it is younger; whole seconds. */
export function windowOf(askedMs: number, prometheusAgeMs: number | null): Window {
  const ms = prometheusAgeMs === null ? askedMs : Math.min(askedMs, prometheusAgeMs);
  return { askedMs, ms: Math.max(1_000, Math.floor(ms / 1_000) * 1_000) };
}

/**
 * M5: neither Prometheus itself nor a target of the plan was down at any scrape of the window, and the scrapes were made.
 * `lowest` is `min_over_time(up[window])`, `samples` is `count_over_time(up[window])`, of the same series.
 */
export function judgeFlapping(
  lowest: QueryOutcome,
  samples: QueryOutcome,
  wanted: FlappingWanted,
): Judgement {
  const text = `${spanText(wanted.window)} without a failed scrape wanted`;
  if (!lowest.ok) return unknown(`${text}; ${lowest.because}`);
  if (!samples.ok) return unknown(`${text}; ${samples.because}`);

  const counts = new Map(samples.value.series.map(({ labels, value }) => [labelKey(labels), value]));
  const watched = lowest.value.series.filter(({ labels }) => isWatched(labels, wanted));
  const flapped = watched.filter(({ value }) => value !== 1).map(place);
  if (flapped.length > 0) return fail(`${text}; was down in it: ${named(flapped)}`);

  const absent = subjects(wanted).filter(({ matches }) => !watched.some(({ labels }) => matches(labels)));
  if (absent.length > 0) return unknown(`${text}; no samples of ${named(absent.map(({ name }) => name))}`);

  const sparse = watched.flatMap((one) => sparseness(one, counts.get(labelKey(one.labels)) ?? 0, wanted));
  if (sparse.length > 0) return unknown(`${text}; too few scrapes of ${named(sparse)}`);
  return pass(`${text}; none of ${counted(watched.length, 'series', 'series')} was down in it`);
}

function spanText({ askedMs, ms }: Window): string {
  return ms < askedMs
    ? `${span(ms)} (shortened from ${span(askedMs)}: Prometheus itself is no older)`
    : span(ms);
}

interface Subject {
  readonly name: string;
  readonly matches: (labels: Series['labels']) => boolean;
}

function subjects({ job, targets, targetLabels }: FlappingWanted): readonly Subject[] {
  return [
    { name: `job="${job}"`, matches: (labels) => labels['job'] === job },
    ...targets.map((target) => ({
      name: target,
      matches: (labels: Series['labels']) => isAbout(labels, target, targetLabels),
    })),
  ];
}

function isWatched(labels: Series['labels'], wanted: FlappingWanted): boolean {
  return subjects(wanted).some(({ matches }) => matches(labels));
}

function sparseness(one: Series, seen: number, wanted: FlappingWanted): readonly string[] {
  const intervalMs = wanted.intervalMs(one.labels);
  if (intervalMs === null) return [`${place(one)} (its scrape interval is not known)`];
  const { askedMs, ms } = wanted.window;
  // The first scrape comes up to one interval after the targets were found.
  const scrapedMs = ms < askedMs ? Math.max(0, ms - DISCOVERY_MS - intervalMs) : ms;
  // One scrape may just have fallen out of the window, or not be due yet.
  const due = Math.floor((scrapedMs / intervalMs) * wanted.coverage) - 1;
  const needed = Math.max(wanted.samples, due);
  return seen >= needed ? [] : [`${place(one)} (${seen} of at least ${needed})`];
}

function place({ labels }: Series): string {
  return `${labels['job'] ?? ''} ${labels['instance'] ?? ''}`.trim();
}
