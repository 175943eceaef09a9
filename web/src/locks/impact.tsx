import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { LockImpact, LockView } from '../../../src/contract/locks.ts';
import { Badge } from '../parts/badge.tsx';
import { Band, type BandRow, dayOf } from '../parts/band.tsx';
import { Instant } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import { sentence } from '../parts/sentence.ts';
import { spanText } from '../parts/time.ts';
import { useNow } from '../server/clock.ts';
import { askLocks } from '../server/questions.ts';
import { holds } from './words.ts';
import classes from './locks.module.css';

const DAY_MS = 86_400_000;
const LEAST_MS = 14 * DAY_MS;
const MOST_MS = 91 * DAY_MS;

interface ImpactProps {
  readonly impact: LockImpact;
  readonly kind: LockView['kind'];
  readonly environments: readonly string[];
  /** The lock that it is of, so that it does not stand beside itself. */
  readonly id?: string;
}

/** What a lock would do, before anybody says yes to it: as a picture, then in words. */
export function Impact({ impact, kind, environments, id }: ImpactProps) {
  const { blocks, frees, openings, warnings, loosens, holdsMs, spans } = impact;
  return (
    <div className={classes['impact']}>
      <Picture impact={impact} kind={kind} environments={environments} {...(id !== undefined && { id })} />
      <p>
        {spans.length === 0
          ? 'It would hold at no time that is looked at.'
          : `It would hold ${spanText(holdsMs)} in all${spans.length > 1 ? `, in ${spans.length} spans` : ''}.`}
      </p>
      {warnings.map((text) => (
        <p key={text} className="notice warn">
          {/* Each begins with a word, never with the name of something. */}
          <Said text={sentence(text.replace(/^[a-z]/, (letter) => letter.toUpperCase()))} />
        </p>
      ))}
      {loosens && (
        <p className="notice stop">It protects less than now: whoever confirms it proves who they are.</p>
      )}
      <Changes title="It would stop" changes={blocks} none="No request has a slot that it would stop." />
      {frees.length > 0 && <Changes title="It would no longer stop" changes={frees} none="" />}
      <Openings openings={openings} />
    </div>
  );
}

function Picture({ impact, kind, environments, id }: ImpactProps) {
  const locks = useQuery(askLocks);
  const now = useNow(60);
  const from = dayOf(now);
  const last = Math.max(...impact.spans.map(({ end }) => Date.parse(end)), from);
  const to = Math.min(Math.max(from + LEAST_MS, dayOf(last) + 3 * DAY_MS), from + MOST_MS);
  const meets = ({ environments: others }: { readonly environments: readonly string[] }) =>
    others.some((one) => environments.includes(one));
  const others = [
    ...(locks.data?.policy ?? []),
    ...(locks.data?.locks ?? []).filter((one) => holds(one) && one.id !== id),
  ].filter((one) => meets(one) && Date.parse(one.start) < to);
  const rows: BandRow[] = [
    {
      name: 'This lock',
      spans: impact.spans.map(({ start, end }) => ({
        ...msOf({ start, end }),
        look: kind,
        says: `This ${kind} lock, ${shortText(start)} to ${shortText(end)}`,
      })),
    },
    {
      name: 'Other locks',
      spans: others.map((one) => ({
        ...msOf({ start: one.start, end: one.end ?? new Date(to).toISOString() }),
        look: one.kind,
        says: `${one.kind} lock ${one.id}, ${one.reason}, from ${shortText(one.start)}`,
      })),
    },
    {
      name: 'Slots that it stops',
      spans: impact.blocks.map((one) => ({
        ...msOf(one),
        look: 'slot' as const,
        says: `${one.change} ${one.title}, ${shortText(one.start)}`,
      })),
    },
  ];
  return <Band label="What it meets" from={from} to={to} now={now} rows={rows} />;
}

function Changes({
  title,
  changes,
  none,
}: {
  readonly title: string;
  readonly changes: LockImpact['blocks'];
  readonly none: string;
}) {
  if (changes.length === 0) return <p className="quiet">{none}</p>;
  return (
    <>
      <h3>{title}</h3>
      <ul className={classes['list']}>
        {changes.map((one) => (
          <li key={one.change}>
            <Link to="/changes/$id" params={{ id: one.change }}>
              {one.change}
            </Link>{' '}
            {one.title} <Badge tone="busy">{one.criticality}</Badge> planned <Instant at={one.start} />; free
            again <Instant at={one.until} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Openings({ openings }: { readonly openings: LockImpact['openings'] }) {
  if (openings.length === 0) return null;
  return (
    <>
      <h3>Openings of an hour that it would close or cut</h3>
      <ul className={classes['list']}>
        {openings.map(({ environment, criticality, first, last }) => (
          <li key={`${environment} ${criticality}`}>
            {criticality} in {environment}: <Instant at={first} />
            {last !== first && (
              <>
                {' '}
                to <Instant at={last} />
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function msOf({ start, end }: { readonly start: string; readonly end: string }) {
  return { start: Date.parse(start), end: Date.parse(end) };
}

function shortText(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
