import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ChangePage } from '../../../src/contract/change-lists.ts';
import { Empty, Waiting } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useShortcut } from '../parts/shortcut.ts';
import { SetupHint } from '../setup/setup-hint.tsx';
import { api } from '../server/api.ts';
import { Board } from './board.tsx';
import { Filters } from './filters.tsx';
import { SelectableList } from './selectable-list.tsx';
import type { ChangesSearch } from './search.ts';

const PAGE = 100;

/** Every request, the newest first, narrowed by what the address says; as a list or as a board. */
export function ChangesPage() {
  const search = useSearch({ from: '/changes' });
  const navigate = useNavigate();
  useShortcut('n', 'Begin a change', () => void navigate({ to: '/changes/new' }));
  const { show, ...narrow } = search;
  const pages = useInfiniteQuery({
    queryKey: ['changes', 'list', narrow],
    queryFn: ({ pageParam }) => api<ChangePage>(`/changes?${parameters(narrow, pageParam)}`),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  });
  const changes = pages.data?.pages.flatMap((page) => page.changes);
  const more = () => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
  };
  return (
    <Page title="Changes" acts={<LinkButton to="/changes/new">New change</LinkButton>}>
      <Filters search={search} />
      {pages.isError && <Problem error={pages.error} />}
      {changes === undefined && !pages.isError && <Waiting rows={8} />}
      {changes?.length === 0 && <None narrowed={Object.keys(narrow).length > 0} />}
      {changes && changes.length > 0 && show === 'board' && <Board changes={changes} />}
      {changes && changes.length > 0 && show !== 'board' && <SelectableList changes={changes} onEnd={more} />}
      {pages.hasNextPage && (
        <Button mt="sm" variant="default" loading={pages.isFetchingNextPage} onClick={more}>
          More
        </Button>
      )}
    </Page>
  );
}

function None({ narrowed }: { readonly narrowed: boolean }) {
  if (narrowed) {
    return (
      <Empty title="No change is like that.">
        <Link to="/changes">All changes</Link>
      </Empty>
    );
  }
  return (
    <Empty title="No change was filed yet.">
      <Link to="/changes/new">Begin the first</Link>, or file one from a plan:{' '}
      <code>interlock change open plan.yaml</code>. <SetupHint />
    </Empty>
  );
}

function parameters(narrow: Omit<ChangesSearch, 'show'>, before: string | null): string {
  return new URLSearchParams({
    ...narrow,
    limit: String(PAGE),
    ...(before !== null && { before }),
  }).toString();
}
