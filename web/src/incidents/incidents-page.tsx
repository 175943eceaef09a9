import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Incidents, IncidentView } from '../../../src/contract/channel.ts';
import { Act } from '../parts/act.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, send } from '../server/api.ts';
import { SEVERITY_WORDS } from './words.ts';
import { Stopped } from './stopped.tsx';
import cards from '../parts/cards.module.css';

const PAGE = 100;

/** What burns, and what burned. Every active one is on the first page. */
export function IncidentsPage() {
  const pages = useInfiniteQuery({
    queryKey: ['incidents', 'list'],
    queryFn: ({ pageParam }) =>
      api<Incidents>(`/incidents?limit=${PAGE}${pageParam === null ? '' : `&before=${pageParam}`}`),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  return (
    <Page
      title="Incidents"
      lead="While one is active no change starts or goes on. Undoing a change is never forbidden."
      acts={<Declare />}
    >
      {pages.isError && <Problem error={pages.error} />}
      {pages.data && <All incidents={pages.data.pages.flatMap(({ incidents }) => incidents)} />}
      {!pages.data && !pages.isError && <Waiting />}
      {pages.hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          loading={pages.isFetchingNextPage}
          data-print="hide"
          onClick={() => void pages.fetchNextPage()}
        >
          More
        </Button>
      )}
    </Page>
  );
}

function All({ incidents }: { readonly incidents: readonly IncidentView[] }) {
  const active = incidents.filter(({ status }) => status === 'active');
  const over = incidents.filter(({ status }) => status === 'resolved');
  return (
    <>
      <Section title="Active">
        {active.length === 0 ? (
          <Empty title="Nothing burns.">
            Declare an incident as soon as something does: from then on no change starts.
          </Empty>
        ) : (
          <ul className={cards['cards']}>
            {active.map((one) => (
              <Active key={one.id} incident={one} />
            ))}
          </ul>
        )}
      </Section>
      {active.length > 0 && (
        <Section title="What they stop">
          <Stopped />
        </Section>
      )}
      <Section title="Resolved">
        {over.length === 0 ? (
          <Empty title="None was resolved yet." />
        ) : (
          <Table label="Resolved incidents" rows={over} keyOf={({ id }) => id} columns={RESOLVED} />
        )}
      </Section>
    </>
  );
}

function Active({ incident }: { readonly incident: IncidentView }) {
  const { id, title, severity, openedBy, openedAt, source, quietSince } = incident;
  return (
    <li className={cards['card']} data-tone="stop">
      <div>
        <strong>
          {id} {title}
        </strong>{' '}
        <Badge tone="stop">{severity}</Badge>
        <p>
          opened <Away at={openedAt} /> by {openedBy}
          {source !== 'app' && `, seen by ${source}`}
        </p>
        {quietSince !== null && (
          <p className="quiet">
            Its source no longer sees it since <Instant at={quietSince} />. It stays active until somebody
            resolves it.
          </p>
        )}
      </div>
      <LinkButton to="/incidents/$id" params={{ id }} variant="default">
        Open its record
      </LinkButton>
    </li>
  );
}

const RESOLVED: Columns<IncidentView> = {
  Incident: ({ id }) => (
    <Link to="/incidents/$id" params={{ id }}>
      {id}
    </Link>
  ),
  Title: ({ title }) => title,
  Severity: ({ severity }) => severity,
  Opened: ({ openedAt }) => <Instant at={openedAt} />,
  Resolved: ({ resolvedAt, resolvedBy }) =>
    resolvedAt === null ? null : (
      <>
        <Instant at={resolvedAt} /> by {resolvedBy}
      </>
    ),
  How: ({ resolution }) => resolution,
};

function Declare() {
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const [severity, setSeverity] = useState<IncidentView['severity']>('S2');
  return (
    <Act
      label="Declare an incident"
      always
      blocked={null}
      weight="press"
      object=""
      color="stop"
      says="Every change is stopped from that moment on, and whoever is on call is told. Anybody may say that something burns."
      fields={
        <Stack gap="sm" mt="sm">
          <TextInput
            label="What burns"
            value={title}
            required
            data-autofocus
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <NativeSelect
            label="How bad"
            value={severity}
            data={Object.entries(SEVERITY_WORDS).map(([value, label]) => ({ value, label }))}
            onChange={({ currentTarget }) => setSeverity(currentTarget.value as IncidentView['severity'])}
          />
        </Stack>
      }
      act={async () => {
        const { id } = await send<IncidentView>('POST', '/incidents', { title, severity });
        setTitle('');
        await navigate({ to: '/incidents/$id', params: { id } });
      }}
    />
  );
}
