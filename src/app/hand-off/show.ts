import { AppError } from '../../contract/errors.ts';
import type { HandOffView } from '../../contract/hand-offs.ts';
import { findHandOff, type HandOffRow } from '../../store/hand-offs.ts';
import type { AppContext } from '../context.ts';
import { draftOf } from './draft.ts';
import { handOffFactsOf } from './facts.ts';

/** The hand-off of a run as the facts draft it now, and as it was written. @throws {AppError} `not_found` */
export async function showHandOff(context: AppContext, runId: string): Promise<HandOffView> {
  const facts = await handOffFactsOf(context, runId);
  if (facts === null) throw new AppError('not_found', `expected a run, got \`${runId}\``);
  const row = await findHandOff(context.db, runId);
  return { facts, draft: draftOf(facts), written: row ? writtenOf(row) : null };
}

function writtenOf(row: HandOffRow): HandOffView['written'] {
  const { state, silences, graphs } = row;
  return {
    note: { state, silences, graphs },
    by: row.person,
    at: row.at.toISOString(),
    facts: row.facts,
    sentTo: row.sent_to,
    acceptedBy: row.accepted_by,
    acceptedAt: row.accepted_at?.toISOString() ?? null,
  };
}
