import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import type { IncidentRecord } from '../../../src/contract/incidents.ts';
import { Badge } from '../parts/badge.tsx';
import { useDraft } from '../parts/draft.ts';
import { Empty } from '../parts/empty.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Said } from '../parts/said.tsx';
import { Sought } from '../parts/sought.tsx';
import { api, send } from '../server/api.ts';
import { IncidentActs } from './incident-acts.tsx';
import { Stopped } from './stopped.tsx';
import { EVENT_WORDS } from './words.ts';
import classes from './incidents.module.css';

/** One incident: its record, what it stops, what resolves it, and at whose door it lies. */
export function IncidentPage() {
  const { id } = useParams({ from: '/incidents/$id' });
  const incident = useQuery({
    queryKey: ['incidents', id],
    queryFn: () => api<IncidentRecord>(`/incidents/${encodeURIComponent(id)}`),
  });
  return (
    <Sought kind="incident" id={id} query={incident}>
      {(record) => <Incident record={record} />}
    </Sought>
  );
}

function Incident({ record }: { readonly record: IncidentRecord }) {
  const { id, title, severity, status, openedAt, openedBy, resolvedAt, resolvedBy, resolution } = record;
  const active = status === 'active';
  return (
    <Page
      title={`${id} ${title}`}
      tab={id}
      lead={
        active ? (
          <>
            <Badge tone="stop">active, {severity}</Badge> opened <Away at={openedAt} /> by {openedBy}
          </>
        ) : (
          <>
            <Badge tone="quiet">resolved, {severity}</Badge>{' '}
            {resolvedAt !== null && <Instant at={resolvedAt} />} by {resolvedBy}: {resolution}
          </>
        )
      }
      acts={<IncidentActs record={record} />}
    >
      <Section title="Record">
        <Events events={record.events} />
        {active && <Note id={id} />}
      </Section>
      {active && (
        <Section title="What it stops">
          <Stopped />
        </Section>
      )}
      <Section title="What resolves it">
        {record.changes.length === 0 ? (
          <Empty title="No request names it.">
            An emergency change that names it may start while it burns, by the words of EOC and IMOC.
          </Empty>
        ) : (
          <ul>
            {record.changes.map((change) => (
              <li key={change.id}>
                <Link to="/changes/$id" params={{ id: change.id }}>
                  {change.id}
                </Link>{' '}
                {change.title}, {change.state}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {record.causes.length > 0 && <Causes causes={record.causes} />}
    </Page>
  );
}

function Events({ events }: Pick<IncidentRecord, 'events'>) {
  return (
    <ol className={`panel ${classes['events']}`} aria-label="What was said and seen, the oldest first">
      {events.map((one) => (
        <li key={`${one.at} ${one.kind} ${one.by} ${one.text}`}>
          <span>
            <Instant at={one.at} />
          </span>
          <span className="quiet">
            {one.by}, {EVENT_WORDS[one.kind]}
          </span>
          <span>
            <Said text={one.text} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Note({ id }: { readonly id: string }) {
  const [{ text }, change, forget] = useDraft(`note:${id}`, { text: '' });
  const queries = useQueryClient();
  const noting = useMutation({
    mutationFn: () => send('POST', `/incidents/${encodeURIComponent(id)}/notes`, { text }),
    onSuccess: async () => {
      change({ text: '' });
      forget();
      await queries.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '' && !noting.isPending) noting.mutate();
  };
  return (
    <form onSubmit={submit} className={classes['note']} data-print="hide">
      <Textarea
        label="A note for the record"
        rows={2}
        value={text}
        onChange={({ currentTarget }) => change({ text: currentTarget.value })}
      />
      {noting.isError && <Problem error={noting.error} />}
      <Button type="submit" variant="default" loading={noting.isPending}>
        Write it down
      </Button>
    </form>
  );
}

function Causes({ causes }: Pick<IncidentRecord, 'causes'>) {
  return (
    <Section title="At whose door it lies">
      <ul>
        {causes.map(({ change, reason, by, at }) => (
          <li key={change}>
            <Link to="/changes/$id" params={{ id: change }}>
              {change}
            </Link>{' '}
            <Said text={reason} /> <span className="quiet">by {by},</span> <Instant at={at} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
