import { queryOptions } from '@tanstack/react-query';
import type { SlotAnswer } from '../../../src/contract/calendar.ts';
import { send } from '../server/api.ts';

/** What the server would say to a slot; asking changes nothing. */
export const askSlot = (change: string, slot: { readonly start: string; readonly end: string }) =>
  queryOptions({
    queryKey: ['calendar', 'preview', change, Date.parse(slot.start), Date.parse(slot.end)],
    queryFn: () => send<SlotAnswer>('POST', `/changes/${encodeURIComponent(change)}/slot-preview`, { slot }),
    retry: false,
    staleTime: 5_000,
  });
