import type { MessageQuery } from '../../../src/contract/integrations/state.ts';

export const MESSAGE_STATES = ['waiting', 'taken', 'given-up'] as const satisfies NonNullable<
  MessageQuery['state']
>[];

/** Whose messages are shown, and which of them. */
export interface IntegrationsSearch {
  readonly peer?: string;
  readonly state?: (typeof MESSAGE_STATES)[number];
}

export function integrationsSearch(search: Record<string, unknown>): IntegrationsSearch {
  const state = MESSAGE_STATES.find((one) => one === search['state']);
  const { peer } = search;
  return {
    ...(typeof peer === 'string' && peer !== '' && { peer }),
    ...(state !== undefined && { state }),
  };
}
