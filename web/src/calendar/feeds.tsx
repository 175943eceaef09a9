import { Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Feed, MadeFeed } from '../../../src/contract/calendar-feeds.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Problem } from '../parts/problem.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { api, send } from '../server/api.ts';

/** Secret addresses at which calendar programs read; each is shown once. */
export function Feeds() {
  const feeds = useQuery({
    queryKey: ['calendar-feeds'],
    queryFn: () => api<{ feeds: Feed[] }>('/calendar/feeds'),
  });
  return (
    <>
      <NewFeed />
      <Answered query={feeds}>
        {({ feeds: all }) => {
          const open = all.filter(({ revokedAt }) => revokedAt === null);
          return open.length === 0 ? (
            <Empty title="You have no address that a calendar program reads." />
          ) : (
            <Table label="Your addresses" rows={open} keyOf={({ id }) => id} columns={COLUMNS} />
          );
        }}
      </Answered>
    </>
  );
}

const COLUMNS: Columns<Feed> = {
  'What it is for': ({ label }) => label,
  Made: ({ createdAt }) => <Instant at={createdAt} />,
  Revoke: ({ id, label }) => (
    <Act
      label="Revoke"
      blocked={null}
      weight="press"
      object={label}
      size="xs"
      variant="default"
      says="Whatever reads there reads nothing from that moment on."
      act={() => send('DELETE', `/calendar/feeds/${encodeURIComponent(id)}`)}
    />
  ),
};

const FILES = ['all', 'locks', 'eoc', 'imoc', 'cmoc'];

function NewFeed() {
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const making = useMutation({
    mutationFn: () => send<MadeFeed>('POST', '/calendar/feeds', { label: label.trim() }),
    onSuccess: async () => {
      setLabel('');
      await queries.invalidateQueries({ queryKey: ['calendar-feeds'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim() !== '' && !making.isPending) making.mutate();
  };
  return (
    <form onSubmit={submit} data-print="hide">
      <Group gap="sm" align="end" mb="sm">
        <TextInput
          label="What it is for"
          placeholder="my phone"
          value={label}
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={making.isPending}>
          Make an address
        </Button>
      </Group>
      {making.isError && <Problem error={making.error} />}
      {making.data && (
        <div className="notice" role="status">
          Shown this once; whoever knows it reads the calendar:
          <ul>
            {FILES.map((file) => (
              <li key={file}>
                <code>{`${location.origin}${making.data.path.replace(/\/$/, '')}/${file}.ics`}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
    </form>
  );
}
