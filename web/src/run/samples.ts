import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { WatchedView } from '../../../src/contract/acts.ts';
import type { SamplePage } from '../../../src/contract/samples.ts';
import { api } from '../server/api.ts';
import type { Charted } from './chart.tsx';

type Metric = WatchedView['watched'][number];
type Samples = Charted['samples'];

/** What was measured of each metric since the run began, and how far it was read. */
interface History {
  readonly last: number;
  readonly byMetric: ReadonlyMap<string, Samples>;
}

const NOTHING: History = { last: 0, byMetric: new Map() };
const EVERY_MS = 5_000;

/** What was measured of each metric since the run began. Only what is new is asked for. */
export function useSamples(run: string, goesOn: boolean): ReadonlyMap<string, Samples> {
  const queries = useQueryClient();
  const queryKey = ['run', run, 'samples'] as const;
  const { data } = useQuery({
    queryKey,
    queryFn: () => readOn(run, queries.getQueryData<History>(queryKey) ?? NOTHING),
    refetchInterval: goesOn ? EVERY_MS : false,
    structuralSharing: false,
  });
  return data?.byMetric ?? NOTHING.byMetric;
}

async function readOn(run: string, before: History): Promise<History> {
  const page = await api<SamplePage>(`/runs/${run}/samples?after=${before.last}`);
  const known = grown(before, page);
  return page.more ? readOn(run, known) : known;
}

function grown({ byMetric }: History, { samples, last }: SamplePage): History {
  const fresh = Map.groupBy(samples, ({ metric }) => metric);
  const names = new Set([...byMetric.keys(), ...fresh.keys()]);
  return {
    last,
    byMetric: new Map(
      [...names].map((name) => [
        name,
        [
          ...(byMetric.get(name) ?? []),
          ...(fresh.get(name) ?? []).map(({ at, value }) => ({ at: Date.parse(at), value })),
        ],
      ]),
    ),
  };
}

/** The edges of what is right, and of what the change is rolled back by. */
export function thresholdsOf({ expect, rollBackWhen }: Metric): Charted['thresholds'] {
  const edges = (range: Metric['expect'], bad: boolean) =>
    [range?.below, range?.atMost, range?.above, range?.atLeast].flatMap((value) =>
      value === undefined ? [] : [{ value, bad }],
    );
  return [...edges(expect, false), ...edges(rollBackWhen, true)];
}
