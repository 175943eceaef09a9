import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ChangePage } from '../../../src/contract/change-lists.ts';
import type { ChangeSummary } from '../../../src/contract/changes.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { CHANGE_TONES } from '../parts/tones.ts';
import { api } from '../server/api.ts';
import { serverNow } from '../server/clock.ts';

const AHEAD_MS = 24 * 3_600_000;
const SOON = ['in-progress', 'scheduled', 'unscheduled'];

/** Changes that are under way or have a slot within a day: what an incident holds up first. */
export function Stopped() {
  const running = useQuery({
    queryKey: ['changes', 'in-progress'],
    queryFn: () => api<ChangePage>('/changes?state=in-progress&limit=200'),
  });
  const soon = useQuery({
    queryKey: ['changes', 'within a day'],
    queryFn: () => api<ChangePage>(`/changes?${within(serverNow())}&limit=200`),
  });
  return (
    <Answered query={running}>
      {(now) => (
        <Answered query={soon}>{(day) => <List changes={[...now.changes, ...day.changes]} />}</Answered>
      )}
    </Answered>
  );
}

function within(now: number): string {
  const slot = { slotFrom: new Date(now).toISOString(), slotTo: new Date(now + AHEAD_MS).toISOString() };
  return new URLSearchParams(slot).toString();
}

function List({ changes }: { readonly changes: readonly ChangeSummary[] }) {
  const all = new Map(changes.filter(({ state }) => SOON.includes(state)).map((one) => [one.id, one]));
  if (all.size === 0)
    return <Empty title="No change is under way, and none has a slot within the next day." />;
  return (
    <Table
      label="Changes that are held up"
      rows={[...all.values()]}
      keyOf={({ id }) => id}
      columns={HELD_UP}
    />
  );
}

const HELD_UP: Columns<ChangeSummary> = {
  Change: ({ id }) => (
    <Link to="/changes/$id" params={{ id }}>
      {id}
    </Link>
  ),
  Title: ({ title }) => title,
  State: ({ state }) => <Badge tone={CHANGE_TONES[state]}>{state}</Badge>,
  Where: ({ environment }) => environment,
  Slot: ({ slot }) => (slot === null ? 'none' : <Instant at={slot.start} />),
  Executor: ({ executor }) => executor,
};
