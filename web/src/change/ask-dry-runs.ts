import { queryOptions } from '@tanstack/react-query';
import type { DryRunView } from '../../../src/contract/dry-run.ts';
import { api } from '../server/api.ts';

/** The dry runs of a request, the newest first. */
export const askDryRuns = (change: string) =>
  queryOptions({
    queryKey: ['change', change, 'dry-runs'],
    queryFn: () => api<{ dryRuns: DryRunView[] }>(`/changes/${change}/dry-runs`),
  });
