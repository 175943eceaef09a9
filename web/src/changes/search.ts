import { CHANGE_STATES } from '../../../src/kernel/change/state.ts';
import { CRITICALITIES } from '../../../src/kernel/policy/facts.ts';

/** What the list is narrowed to, and how it is shown; all of it in the address. */
export interface ChangesSearch {
  readonly text?: string;
  readonly state?: (typeof CHANGE_STATES)[number];
  readonly criticality?: (typeof CRITICALITIES)[number];
  readonly environment?: string;
  readonly author?: string;
  readonly show?: 'board';
}

/** The search that an address asks for; what it does not know it leaves out. */
export function changesSearch(search: Record<string, unknown>): ChangesSearch {
  const state = CHANGE_STATES.find((one) => one === search['state']);
  const criticality = CRITICALITIES.find((one) => one === search['criticality']);
  const { text, environment, author } = search;
  return {
    ...(isWord(text) && { text }),
    ...(state && { state }),
    ...(criticality && { criticality }),
    ...(isWord(environment) && { environment }),
    ...(isWord(author) && { author }),
    ...(search['show'] === 'board' && { show: 'board' as const }),
  };
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
