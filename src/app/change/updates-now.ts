import type { Plan } from '../../contract/plan.ts';
import type { PolicyFile } from '../../contract/policy.ts';
import { updatesDue, type DueUpdate } from '../../kernel/run/updates.ts';
import { updatesOf, type ChangeUpdateRow } from '../../store/change-updates.ts';
import { clock } from '../../store/clock.ts';
import type { Transaction } from '../../store/database.ts';
import { latestRunOf, type StoredRun } from '../../store/runs.ts';

/** What the audiences of a plan were told, and what they wait for at this instant. */
export interface Updates {
  readonly sent: readonly ChangeUpdateRow[];
  readonly due: readonly DueUpdate[];
  /** The run that they wait for news of. */
  readonly run: StoredRun | null;
}

type Informed = Pick<Plan, 'communication' | 'downtime'>;
type Limits = Pick<PolicyFile, 'limits'>;

/** Counts from the records: what was due, what was sent, what is late. */
export async function updatesNow(
  tx: Transaction,
  changeId: string,
  plan: Informed,
  policy: Limits,
): Promise<Updates> {
  if (plan.communication.length === 0) return { sent: [], due: [], run: null };
  const run = await latestRunOf(tx, changeId);
  const sent = await updatesOf(tx, changeId);
  const due = updatesDue(
    plan.communication.map(({ audience, every }) => ({ audience, everyMs: everyMs(plan, every, policy) })),
    ofThisRun(sent, run?.id ?? null).map(({ audience, at }) => ({ audience, at: at.getTime() })),
    { startedAt: run?.startedAt ?? null, endedAt: run?.endedAt ?? null },
    await clock(tx),
  );
  return { sent, due, run };
}

/** How often an audience hears of a change while it runs; `null`: only at its start and its end. */
export function everyMs(
  { downtime }: Pick<Plan, 'downtime'>,
  every: number | undefined,
  { limits }: Limits,
): number | null {
  return every ?? (downtime > 0 ? limits.updateInterval : null);
}

/** What was said ahead of it is no word of a run, and what was said of a run that ended none of the next. */
function ofThisRun(sent: readonly ChangeUpdateRow[], run: string | null): readonly ChangeUpdateRow[] {
  return sent.filter((one, index) => {
    if (one.what === 'ahead' || one.what === 'off') return false;
    const ended = sent.findLastIndex(
      ({ audience, what, occasion }) =>
        audience === one.audience && what === 'end' && occasion !== `end:${run}`,
    );
    return index > ended;
  });
}
