import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import type { History as HistoryPage } from '../../../src/contract/change-history.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Waiting } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { api } from '../server/api.ts';

const TONES: Readonly<Record<HistoryPage['entries'][number]['outcome'], Tone>> = {
  allow: 'go',
  deny: 'stop',
  error: 'warn',
};

/** Every entry of the ledger about a request, refusals included, each with its proof to take away. */
export function History({ id }: { readonly id: string }) {
  const history = useInfiniteQuery({
    queryKey: ['change', id, 'history'],
    queryFn: ({ pageParam }) =>
      api<HistoryPage>(`/changes/${id}/history?limit=200${pageParam === null ? '' : `&from=${pageParam}`}`),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  if (history.isError) return <Problem error={history.error} />;
  if (!history.data) return <Waiting rows={6} />;
  const entries = history.data.pages.flatMap((page) => page.entries);
  return (
    <Section title="History">
      <div className="panel wide" tabIndex={0} role="region" aria-label="Entries of the ledger">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Why</th>
              <th scope="col">Entry</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ index, at, actor, capacity, type, outcome, reason, said }) => (
              <tr key={index}>
                <td>
                  <Instant at={at} show="moment" />
                </td>
                <td>
                  {actor}
                  {capacity !== null && <span className="quiet"> as {capacity}</span>}
                </td>
                <td>
                  <Badge tone={TONES[outcome]}>{outcome}</Badge> {type}
                </td>
                <td>
                  {reason}
                  {said !== null && <q>{said}</q>}
                </td>
                <td>
                  <a href={`/api/v1/ledger/entries/${index}/proof`} download={`${id}-${index}.tlog-proof`}>
                    {index}, its proof
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {history.hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => void history.fetchNextPage()}>
          More
        </Button>
      )}
    </Section>
  );
}
