import { useQuery } from '@tanstack/react-query';
import type { RotaSource } from '../../../src/contract/rota-sources.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api } from '../server/api.ts';
import classes from './rotas.module.css';

/** What sets the rotas from elsewhere, and how fresh each is. */
export function Sources() {
  const sources = useQuery({
    queryKey: ['rota', 'sources'],
    queryFn: () => api<{ sources: RotaSource[] }>('/rota/sources'),
    // A look that finds nothing new is no entry of the ledger: no event tells of it.
    refetchInterval: 20_000,
  });
  return (
    <Section title="Where they come from">
      <Answered query={sources}>
        {({ sources: all }) =>
          all.length === 0 ? (
            <Empty title="The rotas are set here, by hand or by file.">
              An administrator can have a schedule or a calendar set one:{' '}
              <code>interlock rota source add</code>.
            </Empty>
          ) : (
            <>
              <Table label="Sources of the rotas" rows={all} keyOf={({ rota }) => rota} columns={COLUMNS} />
              <Found sources={all} />
            </>
          )
        }
      </Answered>
    </Section>
  );
}

const COLUMNS: Columns<RotaSource> = {
  Rota: ({ rota }) => rota.toUpperCase(),
  Source: ({ host, connection, schedule, format }) =>
    connection === null ? (
      <>
        {format === 'timeline' ? 'timeline' : 'calendar'} at {host}
      </>
    ) : (
      <>
        <strong>{connection}</strong> <span className="quiet">schedule {schedule}</span>
      </>
    ),
  State: (one) => <State source={one} />,
  'Last heard': ({ goodAt }) => (goodAt === null ? 'never' : <Instant at={goodAt} />),
  'Counts until': ({ goodUntil }) => (goodUntil === null ? '–' : <Instant at={goodUntil} />),
};

function State({ source: { lapsed, failure, unmapped } }: { readonly source: RotaSource }) {
  if (lapsed)
    return (
      <>
        <Badge tone="stop">not heard</Badge> nobody is on call by it
        {failure !== null && (
          <>
            : <Said text={failure} />
          </>
        )}
      </>
    );
  if (failure !== null)
    return (
      <>
        <Badge tone="warn">failing</Badge> <Said text={failure} />
      </>
    );
  return unmapped.length === 0 ? (
    <Badge tone="go">heard</Badge>
  ) : (
    <>
      <Badge tone="warn">gaps</Badge>{' '}
      {unmapped.length === 1 ? 'one shift names' : `${unmapped.length} shifts name`} nobody we know
    </>
  );
}

/** What somebody there put over the plan, and what names nobody. */
function Found({ sources }: { readonly sources: readonly RotaSource[] }) {
  const overrides = sources.flatMap(({ rota, connection, host, overrides: all }) =>
    all.map((one) => ({ ...one, rota, source: connection ?? host })),
  );
  const unmapped = sources.flatMap(({ rota, unmapped: all }) => all.map((one) => ({ ...one, rota })));
  if (overrides.length + unmapped.length === 0) return null;
  return (
    <ul className={classes['gaps']} aria-label="What the sources say">
      {overrides.map(({ rota, person, start, end, source }) => (
        <li key={`${rota} ${person} ${start}`}>
          <Badge tone="busy">{rota.toUpperCase()}</Badge> {person} by an override of {source},{' '}
          <Instant at={start} /> to <Instant at={end} />
        </li>
      ))}
      {unmapped.map(({ rota, summary, start, end, because }, index) => (
        <li key={`${rota} ${start} ${index}`}>
          <Badge tone="stop">{rota.toUpperCase()}</Badge> nobody by “{summary}”
          {start !== null && end !== null && (
            <>
              , <Instant at={start} /> to <Instant at={end} />
            </>
          )}
          : <Said text={because} />
        </li>
      ))}
    </ul>
  );
}
