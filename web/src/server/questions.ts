import { queryOptions } from '@tanstack/react-query';
import type { ActsView, PresenceView, WatchedView, WordsView } from '../../../src/contract/acts.ts';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { HandOffList } from '../../../src/contract/hand-offs.ts';
import type { Incidents, Vetoes } from '../../../src/contract/channel.ts';
import type { NowAnswer } from '../../../src/contract/gate.ts';
import type { OwnWords } from '../../../src/contract/own-words.ts';
import type { People } from '../../../src/contract/people.ts';
import type { Rota } from '../../../src/contract/rota.ts';
import type { Me } from '../../../src/contract/sessions.ts';
import type { ClaimList } from '../../../src/contract/claims.ts';
import type { Locks } from '../../../src/contract/locks.ts';
import type { MonitoringAnswer } from '../../../src/contract/monitoring.ts';
import { withHeard } from '../../../src/contract/run-heard.ts';
import type { Setup } from '../../../src/contract/setup.ts';
import type { RunList } from '../../../src/contract/run-list.ts';
import type { RunView } from '../../../src/contract/runs.ts';
import { api } from './api.ts';

// What more than one page asks. A key begins with the word that `touched.ts` knows, then the id.

export const askMe = queryOptions({ queryKey: ['me'], queryFn: () => api<Me>('/me') });
export const askNow = queryOptions({ queryKey: ['now'], queryFn: () => api<NowAnswer>('/now') });
/** Its first word is that of what rests on almost everything. */
export const askSetup = queryOptions({
  queryKey: ['now', 'setup'],
  queryFn: () => api<Setup>('/setup'),
});
export const askVetoes = queryOptions({
  queryKey: ['vetoes'],
  queryFn: () => api<Vetoes>('/vetoes'),
});
/** What burns: all of it is on the first page of incidents, however little else that holds. */
export const askBurning = queryOptions({
  queryKey: ['incidents', 'burning'],
  queryFn: async () =>
    (await api<Incidents>('/incidents?limit=1')).incidents.filter(({ status }) => status === 'active'),
});
export const askPeople = queryOptions({ queryKey: ['people'], queryFn: () => api<People>('/people') });
export const askRota = queryOptions({ queryKey: ['rota'], queryFn: () => api<Rota>('/rota') });
export const askChange = (id: string) =>
  queryOptions({
    queryKey: ['change', id],
    queryFn: () => api<ChangeView>(`/changes/${encodeURIComponent(id)}`),
  });
export const askRuns = queryOptions({
  queryKey: ['runs'],
  queryFn: () => api<RunList>('/runs'),
});
export const askClaims = queryOptions({ queryKey: ['claims'], queryFn: () => api<ClaimList>('/claims') });
export const askLocks = queryOptions({ queryKey: ['locks'], queryFn: () => api<Locks>('/locks') });
export const askMonitoring = queryOptions({
  queryKey: ['monitoring'],
  queryFn: () => api<MonitoringAnswer>('/monitoring'),
});
export const askRun = (run: string) =>
  queryOptions({
    queryKey: ['run', run],
    // Only what changed is asked for: a run may have a thousand steps.
    queryFn: async ({ client, queryKey }) => {
      const known = client.getQueryData<RunView>(queryKey);
      const path = `/runs/${encodeURIComponent(run)}`;
      if (known === undefined) return api<RunView>(path);
      return withHeard(known, await api<RunView>(`${path}/since/${known.version}`));
    },
  });
export const askWords = (run: string) =>
  queryOptions({ queryKey: ['run', run, 'words'], queryFn: () => api<WordsView>(`/runs/${run}/words`) });
export const askWatched = (run: string) =>
  queryOptions({
    queryKey: ['run', run, 'watched'],
    queryFn: () => api<WatchedView>(`/runs/${run}/watched`),
    refetchInterval: 5_000,
  });
export const askActs = (id: string) =>
  queryOptions({
    queryKey: ['change', id, 'acts'],
    queryFn: () => api<ActsView>(`/changes/${encodeURIComponent(id)}/acts`),
  });
export const askHandOffs = queryOptions({
  queryKey: ['hand-offs'],
  queryFn: () => api<HandOffList>('/hand-offs'),
});
export const askPresence = (id: string) =>
  queryOptions({
    queryKey: ['change', id, 'presence'],
    queryFn: () => api<PresenceView>(`/changes/${encodeURIComponent(id)}/presence`),
    refetchInterval: 10_000,
  });
export const askRunsOf = (id: string) =>
  queryOptions({
    queryKey: ['runs', id],
    queryFn: () => api<{ runs: RunView[] }>(`/changes/${encodeURIComponent(id)}/runs`),
  });
export const askOwnWords = (change: string) =>
  queryOptions({
    queryKey: ['change', change, 'own-words'],
    queryFn: () => api<OwnWords>(`/changes/${change}/approvals/posted`),
  });
