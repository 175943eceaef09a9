import type { Span } from '../calendar/span.ts';

/** A change with downtime, as far as its audiences have to know of it before it starts. */
export interface ComingDowntime {
  /** Whether it is going to happen, has begun or happened, or never will. */
  readonly fate: 'scheduled' | 'pending' | 'begun' | 'never';
  /** Its accepted slot, and which of its slots that is. */
  readonly slot: Span | null;
  readonly edition: number;
}

/** What an audience was told ahead: of which slot, and whether that was taken back. */
export interface ToldAhead {
  readonly edition: number;
  readonly what: 'ahead' | 'off';
  readonly slot: Span | null;
  readonly occasion: string;
}

export type AheadWord = {
  readonly what: 'ahead' | 'off';
  readonly slot: Span;
  /** Told once an audience. */
  readonly occasion: string;
};

/** A slot that is not the announced one any more is taken back so long before, if no other was told until then. */
const TAKEN_BACK_MS = 86_400_000;

/**
 * What an audience has to be told now, before a change: that it comes, once for each time ahead, the nearest one where several have passed;
 * and that what was told does not happen. A slot that moves is told anew, and that is all that is said of the former one.
 */
export function aheadWord(
  change: ComingDowntime,
  told: readonly ToldAhead[],
  aheads: readonly number[],
  now: number,
): AheadWord | null {
  return comes(change, told, aheads, now) ?? takenBack(change, told, now);
}

function comes(
  { fate, slot, edition }: ComingDowntime,
  told: readonly ToldAhead[],
  aheads: readonly number[],
  now: number,
): AheadWord | null {
  if (fate !== 'scheduled' || slot === null || slot.start <= now) return null;
  const ahead = aheads.toSorted((a, b) => a - b).find((one) => slot.start - now <= one);
  if (ahead === undefined) return null;
  const occasion = `ahead:${edition}:${ahead}`;
  return told.some((one) => one.occasion === occasion) ? null : { what: 'ahead', slot, occasion };
}

function takenBack(
  { fate, edition, slot: own }: ComingDowntime,
  told: readonly ToldAhead[],
  now: number,
): AheadWord | null {
  const last = told.at(-1);
  if (last === undefined || last.what === 'off' || last.slot === null || fate === 'begun') return null;
  const stands = fate === 'scheduled' && own !== null && last.edition === edition;
  if (stands) return null;
  if (fate !== 'never' && last.slot.start - now > TAKEN_BACK_MS) return null;
  return { what: 'off', slot: last.slot, occasion: `off:${last.edition}` };
}
