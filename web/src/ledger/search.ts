import type { LedgerEntry } from '../../../src/contract/ledger.ts';

export const OUTCOMES = ['allow', 'deny', 'error'] as const satisfies readonly LedgerEntry['outcome'][];

/** Which entries are shown; all of it in the address. */
export interface LedgerSearch {
  readonly object?: string;
  readonly change?: string;
  readonly type?: string;
  readonly person?: string;
  readonly outcome?: LedgerEntry['outcome'];
  /** `2026-11-28T14:00`, UTC. */
  readonly since?: string;
  readonly until?: string;
  /** The entry that stands open; the list begins at it. */
  readonly entry?: string;
}

const WORDS = ['object', 'change', 'type', 'person'] as const;
const TIMES = ['since', 'until'] as const;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const INDEX = /^(?:0|[1-9]\d{0,18})$/;

export function ledgerSearch(search: Record<string, unknown>): LedgerSearch {
  const found: Record<string, string> = {};
  for (const name of WORDS) {
    const value = search[name];
    if (typeof value === 'string' && value.trim() !== '') found[name] = value.trim();
  }
  for (const name of TIMES) {
    const value = search[name];
    if (typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(`${value}Z`)))
      found[name] = value;
  }
  const outcome = OUTCOMES.find((one) => one === search['outcome']);
  // An address may say an index as a number too.
  const entry = typeof search['entry'] === 'number' ? String(search['entry']) : search['entry'];
  return {
    ...found,
    ...(outcome && { outcome }),
    ...(typeof entry === 'string' && INDEX.test(entry) && { entry }),
  };
}

/** What the server is asked for such entries, from an index on where one is given. */
export function entriesQuery(
  { entry, since, until, ...words }: LedgerSearch,
  { from = entry, limit }: { readonly from?: string | undefined; readonly limit: number },
): string {
  return new URLSearchParams({
    order: 'newest',
    limit: String(limit),
    ...words,
    ...(since !== undefined && { since: `${since}:00Z` }),
    ...(until !== undefined && { until: `${until}:00Z` }),
    ...(from !== undefined && { from }),
  }).toString();
}
