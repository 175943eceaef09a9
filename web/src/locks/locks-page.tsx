import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Locks, LockView } from '../../../src/contract/locks.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Band, type BandRow, dayOf } from '../parts/band.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { useNow } from '../server/clock.ts';
import { askLocks } from '../server/questions.ts';
import { holds, LOCK_TONES, lookOf, waitingText } from './words.ts';
import cards from '../parts/cards.module.css';
import classes from './locks.module.css';

const AHEAD_MS = 42 * 86_400_000;

/** Production change locks: what holds, what waits for a second person, what the policy brings. */
export function LocksPage() {
  const locks = useQuery(askLocks);
  return (
    <Page
      title="Locks"
      lead="When nothing may change, whoever asks. One person proposes a lock, another confirms it."
      acts={
        <>
          <LinkButton to="/locks/new" variant="default">
            Propose a lock
          </LinkButton>
          <LinkButton to="/locks/new" search={{ atOnce: true }} color="stop">
            Lock at once
          </LinkButton>
        </>
      }
    >
      <Answered query={locks}>{(answer) => <All locks={answer} />}</Answered>
    </Page>
  );
}

function All({ locks: { locks, policy } }: { readonly locks: Locks }) {
  const waits = locks.filter((one) => waitingText(one) !== null);
  return (
    <>
      <Section title="The next six weeks">
        <Weeks locks={locks} policy={policy} />
      </Section>
      {waits.length > 0 && (
        <Section title="Waits for a second person">
          <ul className={cards['cards']}>
            {waits.map((one) => (
              <Waits key={one.id} lock={one} />
            ))}
          </ul>
        </Section>
      )}
      <Section title="Made here">
        {locks.length === 0 ? (
          <Empty title="No lock was made here that has not ended.">
            Propose one, and see what it would stop before anybody says yes to it.
          </Empty>
        ) : (
          <Made locks={locks} />
        )}
      </Section>
      <Section title="From the policy">
        {policy.length === 0 ? (
          <Empty title="The policy names no lock in the next 60 days." />
        ) : (
          <OfPolicy policy={policy} />
        )}
      </Section>
    </>
  );
}

function Weeks({ locks, policy }: Locks) {
  const now = useNow(60);
  const from = dayOf(now);
  const to = from + AHEAD_MS;
  const all = [
    ...locks
      .filter((one) => holds(one) || one.state === 'proposed')
      .map((one) => ({ ...one, look: lookOf(one), name: `${one.id} ${one.reason}` })),
    ...policy.map((one) => ({ ...one, look: one.kind, name: one.reason })),
  ].filter(({ start, end }) => Date.parse(start) < to && (end === null || Date.parse(end) > now));
  const rows = new Map<string, BandRow['spans'][number][]>();
  for (const { name, kind, start, end, look, environments } of all) {
    const spans = rows.get(name) ?? [];
    rows.set(name, spans);
    spans.push({
      start: Date.parse(start),
      end: end === null ? to : Date.parse(end),
      look,
      says: `${look === 'waiting' ? 'proposed ' : ''}${kind} lock of ${environments.join(', ')} from ${start.slice(0, 16).replace('T', ' ')} UTC`,
    });
  }
  if (rows.size === 0) return <Empty title="Nothing is locked in the next six weeks." />;
  return (
    <>
      <Band
        label="Locks of the next six weeks"
        from={from}
        to={to}
        now={now}
        rows={[...rows].map(([name, spans]) => ({ name, spans }))}
      />
      <p className={classes['legend']}>
        <span>filled: hard, nothing starts</span>
        <span>hatched: soft, C1 and C2 do not start</span>
        <span>dashed: proposed, holds nothing yet</span>
        <span>times are UTC</span>
      </p>
    </>
  );
}

function Waits({ lock }: { readonly lock: LockView }) {
  const text = waitingText(lock) ?? lock;
  return (
    <li className={cards['card']}>
      <div>
        <strong>
          {lock.id} <Said text={text.reason} />
        </strong>{' '}
        <Badge tone={LOCK_TONES[lock.state]}>{lock.edit === null ? lock.state : 'another text'}</Badge>
        <p>
          {text.kind}, {text.environments.join(', ')}, <Instant at={text.start} /> to{' '}
          {text.end === null ? 'no end' : <Instant at={text.end} />}
        </p>
        <p className="quiet">by {text.proposedBy}</p>
      </div>
      <LinkButton to="/locks/$id" params={{ id: lock.id }} variant="light">
        Look at it
      </LinkButton>
    </li>
  );
}

const MADE: Columns<LockView> = {
  Lock: ({ id }) => (
    <Link to="/locks/$id" params={{ id }}>
      {id}
    </Link>
  ),
  Reason: ({ reason }) => reason,
  State: ({ state }) => <Badge tone={LOCK_TONES[state]}>{state}</Badge>,
  Kind: ({ kind }) => kind,
  Where: ({ environments }) => environments.join(', '),
  From: ({ start }) => <Instant at={start} />,
  To: ({ end }) => (end === null ? 'no end' : <Instant at={end} />),
  By: ({ proposedBy, confirmedBy }) => (confirmedBy === null ? proposedBy : `${proposedBy}, ${confirmedBy}`),
};

function Made({ locks }: { readonly locks: Locks['locks'] }) {
  return <Table label="Locks made here" rows={locks} keyOf={({ id }) => id} columns={MADE} />;
}

const OF_POLICY: Columns<Locks['policy'][number]> = {
  Reason: ({ reason }) => reason,
  Kind: ({ kind }) => kind,
  Where: ({ environments }) => environments.join(', '),
  From: ({ start }) => <Instant at={start} />,
  To: ({ end }) => <Instant at={end} />,
};

function OfPolicy({ policy }: { readonly policy: Locks['policy'] }) {
  return (
    <Table
      label="Locks from the policy"
      rows={policy}
      keyOf={({ id, start }) => `${id} ${start}`}
      columns={OF_POLICY}
    />
  );
}
