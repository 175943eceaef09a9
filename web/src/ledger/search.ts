/** Which entries are shown. */
export interface LedgerSearch {
  readonly object?: string;
  /** The newest index of the page; the newest of all if absent. */
  readonly from?: string;
}

export function ledgerSearch(search: Record<string, unknown>): LedgerSearch {
  const { object } = search;
  // An address may say an index as a number too.
  const from = typeof search['from'] === 'number' ? String(search['from']) : search['from'];
  return {
    ...(typeof object === 'string' && object.trim() !== '' && { object: object.trim() }),
    ...(typeof from === 'string' && /^(?:0|[1-9]\d{0,18})$/.test(from) && { from }),
  };
}
