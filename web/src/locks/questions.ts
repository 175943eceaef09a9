import { queryOptions } from '@tanstack/react-query';
import type { LockHistory, LockImpact, LockView } from '../../../src/contract/locks.ts';
import { api, send } from '../server/api.ts';

export const askLock = (id: string) =>
  queryOptions({
    queryKey: ['locks', id],
    queryFn: () => api<LockView>(`/locks/${encodeURIComponent(id)}`),
  });
export const askLockHistory = (id: string) =>
  queryOptions({
    queryKey: ['locks', id, 'history'],
    queryFn: () => api<LockHistory>(`/locks/${encodeURIComponent(id)}/history`),
  });
export const askLockImpact = (id: string) =>
  queryOptions({
    queryKey: ['locks', id, 'impact'],
    queryFn: () => api<LockImpact>(`/locks/${encodeURIComponent(id)}/impact`),
  });
/** What a text would do. It is asked for again where the locks change; `body` says it at the instant of asking. */
export const askPreview = (key: string, body: () => object | null) =>
  queryOptions({
    queryKey: ['locks', 'preview', key],
    queryFn: () => send<LockImpact>('POST', '/locks/preview', body()),
    enabled: body() !== null,
    retry: false,
  });
