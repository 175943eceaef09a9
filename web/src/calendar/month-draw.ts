import type { PointerEvent as ReactPointerEvent } from 'react';
import { aimAt } from './aim.ts';
import type { Wanted } from './grid.tsx';
import { followOver } from './month-pointer.ts';
import type { Range } from './search.ts';

const DAY_MS = 86_400_000;
/** A tap is a tap: a finger holds for a moment to draw. */
const HELD_MS = 500;

/** Where a slot over these days would lie; `null` where none can. */
export type SlotOver = (firstDay: number, lastDay: number) => Range | null;

interface Drawing {
  readonly dayMs: number;
  readonly slotOver: SlotOver;
  readonly onDraw: (drawn: Wanted) => void;
}

/** Draws a new slot on a day that is pressed, or over several that are pulled over. */
export function drawOver(down: ReactPointerEvent<HTMLElement>, { dayMs, slotOver, onDraw }: Drawing): void {
  if (down.button !== 0) return;
  const over = (day: number) => slotOver(Math.min(dayMs, day), Math.max(dayMs, day));
  const letGo = (day: number) => {
    const slot = over(day);
    if (slot !== null) onDraw({ start: slot.from, end: slot.to });
  };
  if (down.pointerType === 'touch') {
    whenHeld(() => letGo(dayMs));
    return;
  }
  followOver(down, {
    apartPx: 0,
    over(day) {
      const slot = day === null ? null : over(day);
      aimAt(slot);
      return day === null || slot === null
        ? null
        : { from: Math.floor(slot.from / DAY_MS) * DAY_MS, to: Math.max(dayMs, day) + DAY_MS };
    },
    letGo,
  });
}

/** Does it unless the finger is lifted, or begins to scroll, before. */
function whenHeld(act: () => void): void {
  const ended = new AbortController();
  const timer = setTimeout(() => {
    ended.abort();
    act();
  }, HELD_MS);
  const lift = () => {
    clearTimeout(timer);
    ended.abort();
  };
  for (const type of ['pointerup', 'pointercancel'])
    document.addEventListener(type, lift, { signal: ended.signal });
}
