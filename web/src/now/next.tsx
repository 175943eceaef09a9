import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ChangePage } from '../../../src/contract/change-lists.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { api } from '../server/api.ts';
import { serverNow } from '../server/clock.ts';
import classes from '../parts/rows.module.css';

const AHEAD_MS = 7 * 86_400_000;
const MOST = 6;

/** What has a slot within a week, the next first. */
export function Next() {
  const next = useQuery({
    queryKey: ['changes', 'next'],
    queryFn: () => {
      const from = serverNow();
      const span = { slotFrom: instant(from), slotTo: instant(from + AHEAD_MS) };
      return api<ChangePage>(`/changes?${new URLSearchParams({ ...span, limit: '200' }).toString()}`);
    },
  });
  return (
    <Section title="Next" aside={<Link to="/changes">All changes</Link>}>
      <Answered query={next} waiting={<Waiting rows={2} height="3rem" />}>
        {({ changes }) => <Slots changes={changes} />}
      </Answered>
    </Section>
  );
}

function Slots({ changes }: { readonly changes: ChangePage['changes'] }) {
  const coming = changes
    .flatMap((change) => (change.slot && isComing(change.state) ? [{ change, slot: change.slot }] : []))
    .toSorted((a, b) => Date.parse(a.slot.start) - Date.parse(b.slot.start));
  if (coming.length === 0) return <Empty title="No change has a slot within a week." />;
  return (
    <ul className={classes['rows']}>
      {coming.slice(0, MOST).map(({ change, slot }) => (
        <li key={change.id}>
          <div className={classes['line']}>
            <span className={classes['title']}>
              <Link to="/changes/$id" params={{ id: change.id }}>
                {change.id}
              </Link>{' '}
              {change.title}
            </span>
            <Away at={slot.start} />
          </div>
          <div className={classes['line']}>
            <span className={classes['more']}>
              {change.criticality} in {change.environment}, by {change.executor}
            </span>
            <span className={classes['more']}>
              {!slot.accepted && <Badge tone="quiet">tentative</Badge>} <Instant at={slot.start} />
            </span>
          </div>
        </li>
      ))}
      {coming.length > MOST && (
        <li>
          <Link to="/calendar">{coming.length - MOST} more within a week</Link>
        </li>
      )}
    </ul>
  );
}

function isComing(state: ChangePage['changes'][number]['state']): boolean {
  return state === 'unscheduled' || state === 'scheduled';
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
