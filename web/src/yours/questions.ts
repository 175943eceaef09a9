import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { NoticePage, TaskPage } from '../../../src/contract/notices.ts';
import { api } from '../server/api.ts';

/** What whoever is signed in was told, the newest first. */
export const askNotices = infiniteQueryOptions({
  queryKey: ['notices', 'all'],
  queryFn: ({ pageParam }) =>
    api<NoticePage>(`/notices?limit=50${pageParam === null ? '' : `&before=${pageParam}`}`),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
});

/** The newest of what they did not read yet. */
export const askUnread = queryOptions({
  queryKey: ['notices', 'unread'],
  queryFn: () => api<NoticePage>('/notices?unread=true&limit=100'),
  refetchInterval: 60_000,
});

/** What somebody has to catch up on. */
export const askTasksOf = (owner: string) =>
  queryOptions({
    queryKey: ['tasks', owner],
    queryFn: () => api<TaskPage>(`/tasks?owner=${encodeURIComponent(owner)}`),
  });
