import { LOCK_CATEGORIES, type LockVersion, type LockView } from '../../contract/locks.ts';
import type { Span } from '../../kernel/calendar/span.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import type { Queries } from '../../store/database.ts';
import { listLocks, type LockRow } from '../../store/locks.ts';
import type { AppContext } from '../context.ts';
import { laidOut, spansOf, type LockSpan } from './occurrences.ts';
import { lockWarnings } from './warnings.ts';

const DAY_MS = 86_400_000;

/** A lock with all its versions, of which there is at least one. */
export type Versions = readonly [LockRow, ...LockRow[]];

/** Rows by lock, in their order. */
export function byLock(rows: readonly LockRow[]): Versions[] {
  const found = new Map<string, [LockRow, ...LockRow[]]>();
  for (const row of rows) {
    const there = found.get(row.id);
    if (there) there.push(row);
    else found.set(row.id, [row]);
  }
  return [...found.values()];
}

/** The version in force; of a proposal that nobody has confirmed, `null`. */
export function inForce(versions: Versions): LockRow | null {
  return (
    versions.findLast(
      ({ version, confirmed_at, emergency }) => confirmed_at !== null || (emergency && version === 1),
    ) ?? null
  );
}

/** The newest version, where it waits for somebody's confirmation. */
export function waiting(versions: Versions): LockRow | null {
  const newest = versions.at(-1);
  return newest !== undefined && newest.confirmed_at === null ? newest : null;
}

/** How long a lock is looked at ahead. */
export function horizon(context: AppContext, now: number): { start: number; end: number } {
  return { start: now, end: now + context.policy.policy.limits.nextOpeningMs };
}

/** Every lock that holds or is proposed within a stretch of time: what another may overlap. */
export async function othersWithin(db: Queries, within: Span): Promise<LockSpan[]> {
  const locks = byLock(await listLocks(db, { from: new Date(within.start), to: new Date(within.end) }));
  const rows = locks
    .flatMap((versions) => [inForce(versions), waiting(versions)])
    .filter((row) => row !== null)
    .filter(({ released_at }) => released_at === null);
  return laidOut(rows, within);
}

export async function lockViews(
  db: Queries,
  context: AppContext,
  locks: readonly Versions[],
  now: number,
): Promise<LockView[]> {
  const within = horizon(context, now);
  const others = await othersWithin(db, within);
  return locks.map((versions) => {
    const edit = waiting(versions);
    const shown = inForce(versions) ?? versions.at(-1) ?? versions[0];
    const text = edit ?? shown;
    const from = Math.min(now, text.start.getTime());
    // A lock that begins beyond the horizon is looked at where it begins.
    const until = Math.max(within.end, text.start.getTime() + DAY_MS);
    const spans = spansOf(text, { start: from, end: until });
    return {
      ...versionView(shown),
      id: shown.id,
      state: stateOf(shown, now),
      releasedBy: shown.released_by,
      releasedAt: shown.released_at?.toISOString() ?? null,
      edit: edit === null || edit === shown ? null : versionView(edit),
      warnings: [...lockWarnings({ id: shown.id, text, spans, others }, context.policy.policy)],
    };
  });
}

export function versionView(row: LockRow): LockVersion {
  const { recurrence } = row;
  return {
    version: row.version,
    kind: row.kind,
    environments: row.environments,
    category: LOCK_CATEGORIES.find((one) => one === row.category) ?? 'other',
    reason: row.reason,
    start: row.start.toISOString(),
    end: row.end?.toISOString() ?? null,
    recurs: recurrence && {
      starting: formatInstant(recurrence.starting * DAY_MS).slice(0, 10),
      rule: recurrence.rule,
      days: recurrence.days,
    },
    digest: row.digest,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
  };
}

function stateOf({ released_at, confirmed_at, emergency, end }: LockRow, now: number): LockView['state'] {
  if (released_at !== null) return 'released';
  if (end !== null && end.getTime() <= now) return 'ended';
  if (confirmed_at !== null) return 'confirmed';
  return emergency ? 'emergency' : 'proposed';
}
