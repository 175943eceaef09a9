import { infiniteQueryOptions } from '@tanstack/react-query';
import type { History, HistoryEntry } from '../../../src/contract/change-history.ts';
import { api } from '../server/api.ts';

const PAGE = 200;

/** The history of a request, page by page. */
export const askHistory = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['change', id, 'history'],
    queryFn: ({ pageParam }) =>
      api<History>(`/changes/${id}/history?limit=${PAGE}${pageParam === null ? '' : `&from=${pageParam}`}`),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

/** What was done, as people say it: the record's own words without their dots, and of a decision what was asked. */
export function deedText({ type, action, object }: Pick<HistoryEntry, 'type' | 'action' | 'object'>): string {
  if (type === 'decision') return `the interlock was asked: may it ${action}?`;
  const words = type.replaceAll(/[.-]/g, ' ');
  return object.startsWith('change/') ? words : `${words}, ${object.slice(object.indexOf('/') + 1)}`;
}
