import type { Plan } from '../../contract/plan.ts';
import { updatesDue, type DueUpdate } from '../../kernel/run/updates.ts';
import { updatesOf, type ChangeUpdateRow } from '../../store/change-updates.ts';
import { clock } from '../../store/clock.ts';
import type { Transaction } from '../../store/database.ts';
import { latestRunOf } from '../../store/runs.ts';

/** What the audiences of a plan were told, and what they wait for at this instant. */
export interface Updates {
  readonly sent: readonly ChangeUpdateRow[];
  readonly due: readonly DueUpdate[];
}

/** Counts from the records: what was due, what was sent, what is late. */
export async function updatesNow(
  tx: Transaction,
  changeId: string,
  { communication }: Pick<Plan, 'communication'>,
): Promise<Updates> {
  if (communication.length === 0) return { sent: [], due: [] };
  const run = await latestRunOf(tx, changeId);
  const sent = await updatesOf(tx, changeId);
  const due = updatesDue(
    communication.map(({ audience, every }) => ({ audience, everyMs: every ?? null })),
    sent.map(({ audience, at }) => ({ audience, at: at.getTime() })),
    { startedAt: run?.startedAt ?? null, endedAt: run?.endedAt ?? null },
    await clock(tx),
  );
  return { sent, due };
}
