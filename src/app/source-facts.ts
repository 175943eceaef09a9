import type { FactsDocument } from '../contract/facts.ts';
import type { HeardSource } from '../store/heard-sources.ts';
import type { InJson } from '../store/rows-in-json.ts';
import type { IncidentPeer } from './facts.ts';

/** What else says who is on call and what burns, and whether each was heard lately enough. */
export function sourceFacts(
  sources: readonly InJson<HeardSource>[],
  incidentPeers: readonly IncidentPeer[],
): NonNullable<FactsDocument['sources']> {
  const trackers = new Set(incidentPeers.flatMap(({ name, isTracker }) => (isTracker ? [name] : [])));
  return sources.map(({ about, source, heard, at, because, answer }) => ({
    of: about,
    source,
    heard,
    at: at === null ? null : new Date(at).toISOString(),
    because,
    answer,
    ...(about === 'incidents' && trackers.has(source) && { tracker: true }),
  }));
}
