import type { ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { WaitOutcome } from '../../store/wait-tables.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { recordEvents } from './record.ts';
import type { RunEvent } from './run-file.ts';

const REASONS = {
  started: 'it started',
  refused: 'time alone no longer lets it through',
  left: 'its executor left',
  vanished: 'its executor was not heard in time',
} as const satisfies Record<WaitOutcome, string>;

/** The end of a wait, for the record. */
export function waitEnded(wait: string, outcome: WaitOutcome, reason: string = REASONS[outcome]): RunEvent {
  return {
    type: 'run.wait-ended',
    action: 'wait',
    outcome: outcome === 'refused' ? 'deny' : 'allow',
    reason,
    details: { wait, ended: outcome },
  };
}

/** Records what became of a wait, in the transaction of the change. Last, as every record. */
export async function recordWait(
  tx: Transaction,
  context: Pick<AppContext, 'policy'>,
  call: Call,
  { row, event }: { readonly row: ChangeRow; readonly event: RunEvent },
): Promise<void> {
  const run = { id: 'none', changeId: row.id, planDigest: row.digest, epoch: 0 };
  await recordEvents(tx, context, call, { run, events: [event] });
}
