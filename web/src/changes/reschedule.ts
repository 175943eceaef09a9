import type { ActsView } from '../../../src/contract/acts.ts';
import type { CalendarSlot, SlotAnswer } from '../../../src/contract/calendar.ts';
import type { ChangeSummary, ChangeView } from '../../../src/contract/changes.ts';
import { api, apiTagged, send } from '../server/api.ts';

export interface Slot {
  readonly start: string;
  readonly end: string;
}

/** Where the selected changes go: by so much from where each is, or all to one slot. */
export type Move =
  { readonly kind: 'shift'; readonly ms: number } | { readonly kind: 'slot'; readonly slot: Slot };

/** A change as it was looked at before anything is done. */
export type Looked = MayMove | { readonly kind: 'may-not'; readonly id: string; readonly because: string };

export interface MayMove {
  readonly kind: 'may';
  readonly id: string;
  readonly slot: Slot;
  /** Only pencilled in, as the slot that it has is; an accepted one is asked for again. */
  readonly tentative: boolean;
  /** What it was when it was looked at: it is moved only if it still is. */
  readonly tag: string;
  /** The same through however many attempts. */
  readonly key: string;
  readonly preview: SlotAnswer;
  readonly conflicts: readonly Pick<CalendarSlot, 'change' | 'title'>[];
}

/** Looks at a change and the slot that it would get. Nothing is changed by it. */
export async function lookAt(change: ChangeSummary, move: Move): Promise<Looked> {
  const path = `/changes/${encodeURIComponent(change.id)}`;
  const [{ value, tag }, { acts }] = await Promise.all([
    apiTagged<ChangeView>(path),
    api<ActsView>(`${path}/acts`),
  ]);
  const mayNot = (because: string): Looked => ({ kind: 'may-not', id: change.id, because });
  const whyNot = acts.find(({ act }) => act === 'schedule')?.whyNot ?? null;
  if (whyNot !== null) return mayNot(whyNot);
  const slot = slotAfter(value.slot, move);
  if (slot === null) return mayNot('expected a slot that can be shifted, got a change without one');
  if (tag === '') return mayNot('expected the server to say which version it shows, got nothing');
  const preview = await send<SlotAnswer>('POST', `${path}/slot-preview`, { slot });
  const { conflicts } = preview;
  const tentative = value.slot?.accepted !== true;
  return { kind: 'may', id: change.id, slot, tentative, tag, key: newKey(), preview, conflicts };
}

/** The slot that a change would get; `null` where it has none to shift. */
export function slotAfter(slot: Slot | null, move: Move): Slot | null {
  if (move.kind === 'slot') return move.slot;
  if (slot === null) return null;
  const moved = (at: string) => new Date(Date.parse(at) + move.ms).toISOString();
  return { start: moved(slot.start), end: moved(slot.end) };
}

/**
 * The same with those beside which each of the others would come to lie: the first that is moved is in the way of the second, which
 * the server cannot know yet.
 */
export function withEachOther(
  looked: readonly Looked[],
  changes: readonly ChangeSummary[],
): readonly Looked[] {
  const byId = new Map(changes.map((change) => [change.id, change]));
  return looked.map((one) => {
    if (one.kind !== 'may') return one;
    const own = byId.get(one.id);
    const beside = looked.flatMap((other) => {
      const its = other.kind === 'may' && other.id !== one.id ? byId.get(other.id) : undefined;
      if (!its || !own || other.kind !== 'may' || !overlap(one.slot, other.slot)) return [];
      const same =
        its.environment === own.environment && its.services.some((name) => own.services.includes(name));
      return same ? [{ change: its.id, title: its.title }] : [];
    });
    const known = new Set(one.conflicts.map(({ change }) => change));
    return { ...one, conflicts: [...one.conflicts, ...beside.filter(({ change }) => !known.has(change))] };
  });
}

function overlap(a: Slot, b: Slot): boolean {
  return Date.parse(a.start) < Date.parse(b.end) && Date.parse(b.start) < Date.parse(a.end);
}

/** Why a change that may be moved is not: the interlock refuses the slot, or nobody said that a conflict is known. */
export function whyNotYet(one: MayMove, known: ReadonlySet<string>): string | null {
  if (!one.tentative && !one.preview.decision.allowed) return 'The interlock refuses this slot.';
  const unnamed = one.conflicts.filter(({ change }) => !known.has(`${one.id} ${change}`));
  if (unnamed.length === 0) return null;
  return `Say that ${unnamed.map(({ change }) => change).join(', ')} ${unnamed.length === 1 ? 'is' : 'are'} known.`;
}

/** Moves one, if it still is as it was looked at. The same again is answered the same and moves nothing twice. */
export function moveOne(one: MayMove): Promise<unknown> {
  return send(
    'POST',
    `/changes/${encodeURIComponent(one.id)}/schedule`,
    {
      slot: one.slot,
      tentative: one.tentative,
      acknowledgesConflicts: one.conflicts.map(({ change }) => change),
    },
    { headers: { 'if-match': one.tag, 'idempotency-key': one.key } },
  );
}

/** Not `randomUUID`, which a page has only where it came over HTTPS. */
function newKey(): string {
  return `move-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
}
