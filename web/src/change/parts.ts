/** What of a request is shown beneath its head, by the address. */
export const CHANGE_PARTS = [
  ['interlock', 'Interlock'],
  ['plan', 'Plan'],
  ['targets', 'Targets'],
  ['checks', 'Checks'],
  ['approvals', 'Approvals'],
  ['runs', 'Runs and dry runs'],
  ['discussion', 'Discussion'],
  ['history', 'History'],
] as const;
export type ChangePart = (typeof CHANGE_PARTS)[number][0];

/** The part that an address asks for; another word is none, and said to be: what is not said stays as the address has it. */
export function partOf(search: Record<string, unknown>): { readonly part?: ChangePart | undefined } {
  return { part: CHANGE_PARTS.find(([name]) => name === search['part'])?.[0] };
}
