import { queryOptions } from '@tanstack/react-query';
import type { HidingSilence } from '../../../src/contract/silences.ts';
import { api } from '../server/api.ts';

/** What it hides changes without an event of ours. */
const AGAIN_MS = 10_000;

interface Silences {
  readonly silences: readonly HidingSilence[];
}

export const askSilences = queryOptions({
  queryKey: ['silences'],
  queryFn: () => api<Silences>('/silences'),
  refetchInterval: AGAIN_MS,
});
export const askSilencesOf = (change: string) =>
  queryOptions({
    queryKey: ['change', change, 'silences'],
    queryFn: () => api<Silences>(`/silences?change=${encodeURIComponent(change)}`),
    refetchInterval: AGAIN_MS,
  });
