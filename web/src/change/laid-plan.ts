import { queryOptions } from '@tanstack/react-query';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { ReadPlan } from '../../../src/plan/read.ts';

/** A plan with all its steps and checks, and where each was written. */
export type LaidPlan = Extract<ReadPlan, { ok: true }>;

/** The plan of a request as its text lays it out, by the code that the server and the bastion run; loaded when it is wanted. */
export const askLaidPlan = (
  view: Pick<ChangeView, 'id' | 'revision' | 'planFile' | 'planText' | 'scripts'>,
) =>
  queryOptions({
    queryKey: ['laid-plan', view.id, view.revision],
    queryFn: async () => (await import('./read-text.ts')).readText(view),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    retry: false,
  });
