import { useQuery } from '@tanstack/react-query';
import type { Feed, MadeFeed } from '../../../src/contract/calendar-feeds.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { NewSecret } from '../parts/new-secret.tsx';
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
  return (
    <NewSecret
      label="Make an address"
      placeholder="my phone"
      asked="calendar-feeds"
      says="whoever knows it reads the calendar"
      make={async (label) => {
        const { path } = await send<MadeFeed>('POST', '/calendar/feeds', { label });
        return FILES.map((file) => `${location.origin}${path.replace(/\/$/, '')}/${file}.ics`);
      }}
    />
  );
}
