import type { LedgerDraft } from '../../contract/ledger.ts';
import { AppError } from '../../contract/errors.ts';
import type { Transaction } from '../../store/database.ts';
import { appendEntries, InvalidEntry } from '../../store/ledger.ts';
import type { Call } from '../actor.ts';
import { entryBase } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import type { RunEvent } from './run-file.ts';
import { tellStory } from './story.ts';

/** The run that events are about, as far as the ledger names it. */
export interface EventOf {
  readonly id: string;
  readonly changeId: string;
  readonly planDigest: string;
  readonly epoch: number;
}

/**
 * Records what happened to a run, in the transaction of the change. Last, as nobody else can append until it commits.
 * INVARIANT: no record, no action.
 */
export async function recordEvents(
  tx: Transaction,
  context: Pick<AppContext, 'policy'>,
  call: Call,
  { run, events }: { readonly run: EventOf; readonly events: readonly RunEvent[] },
): Promise<bigint | null> {
  if (events.length === 0) return null;
  const drafts = events.map((event): LedgerDraft => ({
    ...entryBase(context, call),
    object: `change/${run.changeId}`,
    type: event.type,
    action: event.action,
    outcome: event.outcome,
    reason: plain(event.reason),
    before: event.before ?? null,
    after: event.after ?? null,
    digests: { plan: run.planDigest, ...event.digests },
    details: { ...event.details, run: run.id, epoch: run.epoch },
  }));
  await tellStory(tx, context, run, events);
  try {
    const appended = await appendEntries(tx, drafts);
    return appended.at(-1)?.index ?? null;
  } catch (cause) {
    if (cause instanceof InvalidEntry) throw new AppError('no_evidence', undefined, { cause });
    throw cause;
  }
}

/** What a program printed may stand in a reason: nothing that the ledger cannot hold. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll('\0', '�');
}
