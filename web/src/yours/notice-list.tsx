import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { NoticesRead } from '../../../src/contract/notices.ts';
import { Badge } from '../parts/badge.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Said } from '../parts/said.tsx';
import { send } from '../server/api.ts';
import { About } from './about.tsx';
import { askNotices } from './questions.ts';
import rows from '../parts/rows.module.css';

/** What whoever is signed in was told. Marking it as read changes nothing for anybody else. */
export function NoticeList() {
  const asked = useInfiniteQuery(askNotices);
  if (asked.isError) return <Problem error={asked.error} />;
  if (!asked.data) return <Waiting rows={6} />;
  const notices = asked.data.pages.flatMap((page) => page.notices);
  const newestUnread = notices.find(({ readAt }) => readAt === null)?.id ?? null;
  return (
    <Section title="Told" aside={<MarkRead upTo={newestUnread} />}>
      {notices.length === 0 ? (
        <Empty title="Nobody has told you anything yet.">
          Whoever is asked for a word, is on duty, or has a change of their own is told here what concerns
          them.
        </Empty>
      ) : (
        <ul className={rows['rows']} aria-label="Notices">
          {notices.map(({ id, about, body, at, readAt }) => (
            <li key={id}>
              <div className={rows['line']}>
                <span className={readAt === null ? rows['title'] : undefined}>
                  <Said text={body} />
                </span>
                {readAt === null && <Badge tone="busy">new</Badge>}
              </div>
              <div className={rows['more']}>
                <About object={about} />, <Instant at={at} />
              </div>
            </li>
          ))}
        </ul>
      )}
      {asked.hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          loading={asked.isFetchingNextPage}
          onClick={() => void asked.fetchNextPage()}
        >
          More
        </Button>
      )}
    </Section>
  );
}

function MarkRead({ upTo }: { readonly upTo: string | null }) {
  const queries = useQueryClient();
  const marking = useMutation({
    mutationFn: () => send<NoticesRead>('POST', '/notices/read', { upTo }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['notices'] }),
  });
  if (upTo === null) return null;
  return (
    <Button size="xs" variant="default" loading={marking.isPending} onClick={() => marking.mutate()}>
      Mark all as read
    </Button>
  );
}
