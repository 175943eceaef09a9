import type { PointerEvent as ReactPointerEvent } from 'react';
import type { CalendarSlot } from '../../../src/contract/calendar.ts';
import { aimAt } from './aim.ts';
import type { Wanted } from './grid.tsx';
import { followOver } from './month-pointer.ts';

const DAY_MS = 86_400_000;

interface Held {
  readonly slot: CalendarSlot;
  /** The day at which it was taken. */
  readonly dayMs: number;
  readonly onDrop: (drop: Wanted) => void;
}

/** Takes a slot from day to day, at its hour of the day. Of fingers nothing: they scroll. */
export function dragOver(down: ReactPointerEvent<HTMLElement>, { slot, dayMs, onDrop }: Held): void {
  if (down.pointerType === 'touch' || down.button !== 0) return;
  const [start, end] = [Date.parse(slot.start), Date.parse(slot.end)];
  const { change } = slot;
  followOver(down, {
    apartPx: 5,
    over(day) {
      if (day !== null) aimAt({ change, from: start + day - dayMs, to: end + day - dayMs });
      else aimAt(null);
      return day === null ? null : { from: day, to: day + DAY_MS };
    },
    letGo(day) {
      if (day !== dayMs) onDrop({ change, start: start + day - dayMs, end: end + day - dayMs });
    },
  });
}
