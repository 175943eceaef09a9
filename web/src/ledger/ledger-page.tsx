import { Button, Group } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { LedgerPage as Entries } from '../../../src/contract/ledger.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { api } from '../server/api.ts';
import { Filters } from './filters.tsx';
import { FoundNotice } from './found.tsx';
import { List } from './list.tsx';
import { entriesQuery, type LedgerSearch } from './search.ts';
import { verifyLog } from './verify.ts';

const LIMIT = 100;

/** Everything that was decided and done, the newest first, and the proof of it that this browser computes. */
export function LedgerPage() {
  const search = useSearch({ from: '/ledger' });
  const key = JSON.stringify(search);
  return (
    <Page
      title="Ledger"
      lead="Every decision and every change of state, refusals too. Nothing in it can be altered or taken away without being seen: this browser can prove it by itself."
    >
      <Log />
      <Section title="Entries, the newest first">
        <Filters key={key} search={search} />
        <Narrowed key={`entries ${key}`} search={search} />
      </Section>
    </Page>
  );
}

function Narrowed({ search }: { readonly search: LedgerSearch }) {
  const pages = useInfiniteQuery({
    // Not asked anew at each event: who reads far down would be carried away.
    queryKey: ['entries', search],
    queryFn: ({ pageParam }) =>
      api<Entries>(`/ledger/entries?${entriesQuery(search, { from: pageParam, limit: LIMIT })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });
  const entries = pages.data?.pages.flatMap((page) => page.entries);
  const more = () => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
  };
  return (
    <>
      {search.entry === undefined ? (
        <Newer search={search} than={entries?.[0]?.index} onShow={() => void pages.refetch()} />
      ) : (
        <p data-print="hide">
          From entry {search.entry} back.{' '}
          <Link to="/ledger" search={{}}>
            The newest
          </Link>
        </p>
      )}
      {pages.isError && <Problem error={pages.error} />}
      {entries === undefined && !pages.isError && <Waiting rows={8} />}
      {entries?.length === 0 && (
        <Empty title="No such entry.">
          An object is named as <code>kind/id</code>, such as <code>lock/LOCK-4</code>; a change by its id,
          such as <code>CHG-1</code>. <Link to="/ledger">All entries</Link>
        </Empty>
      )}
      {entries !== undefined && entries.length > 0 && (
        <List entries={entries} opened={search.entry} onEnd={more} />
      )}
      {pages.hasNextPage && (
        <Button mt="sm" variant="default" loading={pages.isFetchingNextPage} onClick={more}>
          Older entries
        </Button>
      )}
    </>
  );
}

interface NewerProps {
  readonly search: LedgerSearch;
  /** The newest that is shown. */
  readonly than: string | undefined;
  readonly onShow: () => void;
}

/** That something was recorded since, and the way to it. */
function Newer({ search, than, onShow }: NewerProps) {
  const newest = useQuery({
    queryKey: ['ledger', 'newest', search],
    queryFn: () => api<Entries>(`/ledger/entries?${entriesQuery(search, { limit: 1 })}`),
  });
  const index = newest.data?.entries[0]?.index;
  if (index === undefined || than === undefined || BigInt(index) <= BigInt(than)) return null;
  return (
    <p className="notice" role="status">
      Newer entries were recorded, up to {index}.{' '}
      <ActButton size="xs" variant="default" onPress={onShow}>
        Show them
      </ActButton>
    </p>
  );
}

/** Verifies the log as a whole: its signature, and that it continues what this browser saw before. */
function Log() {
  const verifying = useMutation({ mutationFn: verifyLog });
  return (
    <Section title="The log">
      <Group gap="md" data-print="hide">
        <ActButton variant="default" loading={verifying.isPending} onPress={() => verifying.mutate()}>
          Verify the log here
        </ActButton>
        <a href="/api/v1/ledger/checkpoint" download="checkpoint">
          Download the checkpoint
        </a>
        <a href="/api/v1/ledger/log.vkey" download="log.vkey">
          Download the key
        </a>
      </Group>
      <FoundNotice verifying={verifying} />
    </Section>
  );
}
