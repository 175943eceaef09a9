import { useState } from 'react';
import type { WatchedView } from '../../../src/contract/acts.ts';
import type { Charted } from './chart.tsx';

type Metric = WatchedView['watched'][number];
type Samples = Charted['samples'];

/** How many are kept: at one every five seconds, an hour. */
const MOST = 720;

/** What was measured of each metric since this page was opened: the server keeps the newest alone. */
export function useSamples(watched: readonly Metric[] | undefined): ReadonlyMap<string, Samples> {
  const [seen, setSeen] = useState<Seen>({ watched, samples: growing(new Map(), watched) });
  if (seen.watched !== watched) setSeen({ watched, samples: growing(seen.samples, watched) });
  return seen.samples;
}

interface Seen {
  readonly watched: readonly Metric[] | undefined;
  readonly samples: ReadonlyMap<string, Samples>;
}

function growing(before: Seen['samples'], watched: Seen['watched']): Seen['samples'] {
  return watched ? new Map(watched.map((one) => [one.name, grown(before, one)])) : before;
}

function grown(before: ReadonlyMap<string, Samples>, { name, result }: Metric): Samples {
  const kept = before.get(name) ?? [];
  const last = kept.at(-1)?.at ?? 0;
  const fresh = (result?.measurements ?? []).flatMap(({ measuredAt, value }) => {
    const at = Date.parse(measuredAt);
    return typeof value === 'number' && at > last ? [{ at, value }] : [];
  });
  return fresh.length === 0 ? kept : [...kept, ...fresh].slice(-MOST);
}

/** The edges of what is right, and of what the change is rolled back by. */
export function thresholdsOf({ expect, rollBackWhen }: Metric): Charted['thresholds'] {
  const edges = (range: Metric['expect'], bad: boolean) =>
    [range?.below, range?.atMost, range?.above, range?.atLeast].flatMap((value) =>
      value === undefined ? [] : [{ value, bad }],
    );
  return [...edges(expect, false), ...edges(rollBackWhen, true)];
}
