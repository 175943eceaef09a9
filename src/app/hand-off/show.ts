import { AppError } from '../../contract/errors.ts';
import type { HandOffList, HandOffView } from '../../contract/hand-offs.ts';
import { clock } from '../../store/clock.ts';
import { transact } from '../../store/database.ts';
import { findHandOff, waitingHandOffs, type HandOffRow } from '../../store/hand-offs.ts';
import { findRun } from '../../store/runs.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Refused } from '../outcome.ts';
import { standingsOf } from '../run/standings.ts';
import { draftOf } from './draft.ts';
import { handOffFactsOf } from './facts.ts';
import { refuseAccepting, refuseWriting } from './may.ts';

/**
 * The hand-off of a run as the facts draft it now, and as it was written; and what whoever calls may do about it.
 *
 * @throws {AppError} `not_found`
 */
export async function showHandOff(context: AppContext, call: Call, runId: string): Promise<HandOffView> {
  const facts = await handOffFactsOf(context, runId);
  const run = await findRun(context.db, runId);
  if (facts === null || run === null)
    throw new AppError('not_found', `expected a run, got \`${runId}\`, which there is none of`);
  return transact(context.db, async (tx) => {
    const row = await findHandOff(tx, runId);
    const standings = await standingsOf(tx, call, run.changeId);
    const writing = { run, written: row !== undefined, standings, now: await clock(tx) };
    const none = refuse('not_found', 'expected a hand-off that was written, got none yet');
    return {
      facts,
      draft: draftOf(facts),
      written: row ? writtenOf(row) : null,
      whyNotWrite: because(refuseWriting(call, writing)),
      whyNotAccept: because(row ? await refuseAccepting(tx, call, row) : none),
    };
  });
}

/** Every hand-off that nobody has accepted yet, the oldest first. */
export async function listHandOffs({ db }: AppContext, call: Call): Promise<HandOffList> {
  return transact(db, async (tx) => {
    const handOffs: HandOffList['handOffs'] = [];
    for (const row of await waitingHandOffs(tx)) {
      handOffs.push({
        run: row.run_id,
        change: row.change_id,
        by: row.person,
        at: row.at.toISOString(),
        sentTo: row.owner,
        whyNotAccept: because(await refuseAccepting(tx, call, row)),
      });
    }
    return { handOffs };
  });
}

function because(refused: Refused | null): string | null {
  return refused === null ? null : refused.refusal.because;
}

function writtenOf(row: HandOffRow): HandOffView['written'] {
  const { state, silences, graphs } = row;
  return {
    note: { state, silences, graphs },
    by: row.person,
    at: row.at.toISOString(),
    facts: row.facts,
    sentTo: row.owner,
    acceptedBy: row.accepted_by,
    acceptedAt: row.accepted_at?.toISOString() ?? null,
  };
}
