import { queryOptions } from '@tanstack/react-query';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { Incidents, Vetoes } from '../../../src/contract/channel.ts';
import type { NowAnswer } from '../../../src/contract/gate.ts';
import type { Rota } from '../../../src/contract/rota.ts';
import type { Me } from '../../../src/contract/sessions.ts';
import { api } from './api.ts';

// What more than one page asks. A key begins with the word that `touched.ts` knows, then the id.

export const askMe = queryOptions({ queryKey: ['me'], queryFn: () => api<Me>('/me') });
export const askNow = queryOptions({ queryKey: ['now'], queryFn: () => api<NowAnswer>('/now') });
export const askVetoes = queryOptions({
  queryKey: ['vetoes'],
  queryFn: () => api<Vetoes>('/vetoes'),
});
export const askIncidents = queryOptions({
  queryKey: ['incidents'],
  queryFn: () => api<Incidents>('/incidents'),
});
export const askRota = queryOptions({ queryKey: ['rota'], queryFn: () => api<Rota>('/rota') });
export const askChange = (id: string) =>
  queryOptions({
    queryKey: ['change', id],
    queryFn: () => api<ChangeView>(`/changes/${encodeURIComponent(id)}`),
  });
