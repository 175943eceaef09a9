import type { Span } from '../../kernel/calendar/span.ts';
import { clock } from '../../store/clock.ts';
import { transact } from '../../store/database.ts';
import { standingLocks } from '../../store/locks.ts';
import { policyLocks } from '../calendar/locks.ts';
import type { AppContext } from '../context.ts';
import { spansOf } from './occurrences.ts';
import { sayAhead, type ToldLock } from './say.ts';

interface Coming {
  readonly id: string;
  readonly text: ToldLock & { readonly end: Date };
  /** Since when it is known: what lay ahead before that was told when it was made. */
  readonly knownSince: number;
}

/**
 * Tells teams of every lock that begins within the times that the policy names, made here or standing in the policy, each
 * occurrence of a recurrence too: once for each time ahead, the nearest one where several have passed.
 */
export async function announceLocks(context: AppContext): Promise<void> {
  const aheads = context.policy.file.limits.lockAnnouncements.toSorted((a, b) => a - b);
  await transact(context.db, async (tx) => {
    const now = await clock(tx);
    const within = { start: now, end: now + (aheads.at(-1) ?? 0) + 1 };
    const rows = await standingLocks(tx, null, new Date(now));
    const made = rows.flatMap((row): Coming[] =>
      spansOf(row, within).map(({ start, end }) => ({
        id: row.id,
        text: { ...row, start: new Date(start), end: new Date(end) },
        knownSince: (row.confirmed_at ?? row.proposed_at).getTime(),
      })),
    );
    for (const coming of [...made, ...ofPolicy(context, within)]) {
      const left = coming.text.start.getTime() - now;
      const aheadMs = aheads.find((one) => left <= one);
      if (left <= 0 || aheadMs === undefined) continue;
      if (coming.text.start.getTime() - aheadMs < coming.knownSince) continue;
      await sayAhead(tx, { ...coming, aheadMs });
    }
  });
}

function ofPolicy({ policy }: AppContext, { start, end }: Span): Coming[] {
  return policyLocks(policy.policy, { from: start, to: end }).map((lock) => ({
    id: lock.id,
    knownSince: Number.NEGATIVE_INFINITY,
    text: {
      kind: lock.kind,
      environments: lock.environments,
      reason: lock.reason,
      start: new Date(lock.start),
      end: new Date(lock.end),
      recurrence: null,
    },
  }));
}
