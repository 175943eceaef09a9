import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { HistoryEntry } from '../../../src/contract/change-history.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Waiting } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { usePrinting } from '../parts/printing.ts';
import { Problem } from '../parts/problem.tsx';
import { Said } from '../parts/said.tsx';
import { type Columns, Table } from '../parts/table.tsx';
import { capacityText } from './approve-act.tsx';
import { askHistory, deedText } from './history-words.ts';

const OUTCOMES: Readonly<Record<HistoryEntry['outcome'], { readonly tone: Tone; readonly word: string }>> = {
  allow: { tone: 'go', word: 'done' },
  deny: { tone: 'stop', word: 'refused' },
  error: { tone: 'warn', word: 'failed' },
};

const COLUMNS: Columns<HistoryEntry & { readonly change: string }> = {
  When: ({ at }) => <Instant at={at} show="moment" />,
  Who: ({ actor, capacity, source }) => (
    <>
      {actor}
      {capacity !== null && ` as ${capacityText(capacity)}`}
      <br />
      <span className="quiet">through the {source === 'api' ? 'API' : source}</span>
    </>
  ),
  What: (entry) => {
    const { tone, word } = OUTCOMES[entry.outcome];
    return (
      <>
        <Badge tone={tone}>{word}</Badge> {deedText(entry)}
      </>
    );
  },
  Why: ({ reason, said }) => (
    <>
      <Said text={reason} />
      {said !== null && (
        <>
          {reason !== '' && ': '}
          <q>{said}</q>
        </>
      )}
    </>
  ),
  Entry: ({ index, change }) => (
    <>
      <Link to="/ledger" search={{ entry: index }}>
        {index}
      </Link>
      <br />
      <a
        href={`/api/v1/ledger/entries/${index}/proof`}
        download={`${change}-${index}.tlog-proof`}
        data-print="hide"
      >
        its proof<span className="unseen"> of entry {index}</span>
      </a>
    </>
  ),
};

/** Every entry of the ledger about a request, refusals included, each with its proof to take away. */
export function History({ id }: { readonly id: string }) {
  const history = useInfiniteQuery(askHistory(id));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = history;
  const printing = usePrinting();
  // Paper has no button: everything is on it.
  useEffect(() => {
    if (printing && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [printing, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (history.isError) return <Problem error={history.error} />;
  if (!history.data) return <Waiting rows={6} />;
  return (
    <Section title="History">
      <Table
        label="Entries of the ledger"
        rows={history.data.pages.flatMap((page) => page.entries.map((entry) => ({ ...entry, change: id })))}
        keyOf={({ index }) => index}
        columns={COLUMNS}
      />
      {hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          loading={isFetchingNextPage}
          data-print="hide"
          onClick={() => void fetchNextPage()}
        >
          More
        </Button>
      )}
      <p className="quiet" data-print="hide">
        A proof shows that its entry stands in the ledger under a signed checkpoint;{' '}
        <code>interlock ledger check-proof FILE --key log.vkey</code> checks it anywhere, without this server.
      </p>
    </Section>
  );
}
