import type { FactsDocument } from '../contract/facts.ts';
import type { Transaction } from '../store/database.ts';
import { heardSources } from '../store/heard-sources.ts';
import type { QuestionFacts } from './facts.ts';

/** What else says who is on call and what burns, and whether each was heard lately enough. */
export async function sourceFacts(
  tx: Transaction,
  question: Pick<QuestionFacts, 'incidentPeers' | 'policy'> | null,
): Promise<NonNullable<FactsDocument['sources']>> {
  if (question === null) return [];
  const limitMs = question.policy.file.limits.peerAnswerAge;
  const { incidentPeers } = question;
  const trackers = new Set(incidentPeers.flatMap(({ name, isTracker }) => (isTracker ? [name] : [])));
  const sources = await heardSources(tx, { incidents: incidentPeers.map(({ name }) => name), limitMs });
  return sources.map(({ about, source, heard, at, because, answer }) => ({
    of: about,
    source,
    heard,
    at: at?.toISOString() ?? null,
    because,
    answer,
    ...(about === 'incidents' && trackers.has(source) && { tracker: true }),
  }));
}
