import type { BlockedChange, LockImpact, LockPreviewWish } from '../../contract/locks.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import type { Span } from '../../kernel/calendar/span.ts';
import { CRITICALITIES } from '../../kernel/policy/facts.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { standingLocks, versionsOf, type LockRow, type LockText } from '../../store/locks.ts';
import { slotsBetween, type SlotRow } from '../../store/slots.ts';
import { nextOpenings } from '../calendar/openings.ts';
import type { AppContext } from '../context.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { laidOut, spansOf, type LockSpan } from './occurrences.ts';
import { textOf } from './text.ts';
import { byLock, horizon, inForce, othersWithin, waiting } from './view.ts';
import { lockWarnings } from './warnings.ts';

const HOUR_MS = 3_600_000;
const MOST_SPANS = 50;

/** What a text would do, before it is saved. */
export async function previewLock(
  context: AppContext,
  { edits, ...wish }: LockPreviewWish,
): Promise<Outcome<LockImpact>> {
  return transact(context.db, async (tx) => {
    const [versions] = edits === undefined ? [] : byLock(await versionsOf(tx, edits));
    if (edits !== undefined && versions === undefined) return noLock(edits);
    const text = textOf(context, wish, { now: await clock(tx), old: versions?.at(-1) ?? null });
    if (!text.ok) return text;
    return done(
      await impactOf(tx, context, {
        id: edits ?? null,
        text: text.value,
        old: (versions && inForce(versions)) ?? null,
      }),
    );
  });
}

/** What waits to be confirmed, or, where nothing does, what the release of a lock would free. */
export async function impactOfLock(context: AppContext, id: string): Promise<Outcome<LockImpact>> {
  return transact(context.db, async (tx) => {
    const [versions] = byLock(await versionsOf(tx, id));
    if (versions === undefined) return noLock(id);
    const standing = inForce(versions);
    return done(await impactOf(tx, context, { id, text: waiting(versions), old: standing }));
  });
}

export function noLock(id: string): Outcome<never> {
  return refuse('not_found', `expected a lock that was made here, got \`${id}\``);
}

interface Step {
  /** Of the lock, where it has one already. */
  readonly id: string | null;
  /** `null`: the lock goes. */
  readonly text: LockText | null;
  /** What holds now. */
  readonly old: LockRow | null;
}

async function impactOf(tx: Transaction, context: AppContext, { id, text, old }: Step): Promise<LockImpact> {
  const now = await clock(tx);
  const within = horizon(context, now);
  const far = Math.max(within.end, (text?.start.getTime() ?? 0) + 366 * 24 * HOUR_MS);
  const spans = text === null ? [] : spansOf(text, { start: now, end: far });
  const before = old === null || old.released_at !== null ? [] : spansOf(old, { start: now, end: far });
  const slots = await slotsBetween(tx, { from: new Date(now), to: new Date(far) });
  const [blocks, blockedNow] = [blockedBy(slots, text, spans), blockedBy(slots, old, before)];
  const locks = laidOut(await standingLocks(tx, null, new Date(now)), within);
  const others = await othersWithin(tx, within);
  return {
    digest: (text ?? old)?.digest ?? '',
    spans: spans.slice(0, MOST_SPANS).map(spanText),
    holdsMs: spans.reduce((sum, { start, end }) => sum + end - start, 0),
    blocks,
    frees: blockedNow.filter(({ change }) => !blocks.some((one) => one.change === change)),
    loosens: loosens({ text: old, spans: before }, { text, spans }),
    openings: text === null ? [] : closedOpenings(context, { text, spans, now, locks }),
    warnings: text === null ? [] : [...lockWarnings({ id, text, spans, others }, context.policy.policy)],
  };
}

/** A soft lock stops C1 and C2, a hard one all; what only the verdict knows (canary, monthly release) is named too. */
function blockedBy(
  slots: readonly SlotRow[],
  text: LockText | null,
  spans: readonly Span[],
): BlockedChange[] {
  if (text === null) return [];
  return slots.flatMap((slot) => {
    if (!text.environments.includes(slot.environment)) return [];
    if (text.kind === 'soft' && slot.criticality !== 'C1' && slot.criticality !== 'C2') return [];
    const met = spans.find(({ start, end }) => start < slot.end.getTime() && slot.start.getTime() < end);
    if (met === undefined) return [];
    const { id, title, criticality } = slot;
    const { start, end } = { start: slot.start.toISOString(), end: slot.end.toISOString() };
    return [{ change: id, title, criticality, start, end, until: formatInstant(met.end) }];
  });
}

interface Held {
  readonly text: LockText | null;
  readonly spans: readonly Span[];
}

/** Whether something that is protected would not be: an environment, a kind, or any instant. */
export function loosens(before: Held, after: Held): boolean {
  const { text: old } = before;
  if (old === null || before.spans.length === 0) return false;
  const { text } = after;
  if (text === null || (old.kind === 'hard' && text.kind === 'soft')) return true;
  if (!old.environments.every((name) => text.environments.includes(name))) return true;
  return before.spans.some((span) => !isCovered(span, after.spans));
}

function isCovered({ start, end }: Span, by: readonly Span[]): boolean {
  let covered = start;
  for (const one of by) {
    if (one.start > covered) break;
    covered = Math.max(covered, one.end);
  }
  return covered >= end;
}

function closedOpenings(
  context: AppContext,
  asked: {
    readonly text: LockText;
    readonly spans: readonly Span[];
    readonly now: number;
    readonly locks: readonly LockSpan[];
  },
): LockImpact['openings'] {
  const { policy } = context.policy;
  const { text, spans, now } = asked;
  const added = spans.map((span) => ({
    kind: text.kind,
    start: new Date(span.start),
    end: new Date(span.end),
  }));
  return text.environments.flatMap((environment) =>
    CRITICALITIES.flatMap((criticality) => {
      const plan = { environment, criticality, deployment: null };
      const locks = asked.locks.filter(({ environments }) => environments.includes(environment));
      const look = (more: typeof added) =>
        nextOpenings(policy, { plan, lengthMs: HOUR_MS, now, locks: [...locks, ...more], taken: [] });
      const left = new Set(look(added).map(({ first, last }) => `${first} ${last}`));
      return look([])
        .filter(({ first, last }) => !left.has(`${first} ${last}`))
        .map((opening) => ({ environment, criticality, ...opening }));
    }),
  );
}

function spanText({ start, end }: Span) {
  return { start: formatInstant(start), end: formatInstant(end) };
}
