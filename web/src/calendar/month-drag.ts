import type { PointerEvent as ReactPointerEvent } from 'react';
import type { CalendarSlot } from '../../../src/contract/calendar.ts';
import { aimAt } from './aim.ts';

/** Where a slot was let go: epoch milliseconds. */
export interface Drop {
  readonly start: number;
  readonly end: number;
  readonly change: string;
}

interface Held {
  readonly slot: CalendarSlot;
  /** The day at which it was taken. */
  readonly dayMs: number;
  readonly onDrop: (drop: Drop) => void;
}

/** A press that moves so far is no press any more. */
const APART_PX = 5;

/** Follows the pointer from day to day, with the slot at its hour of the day; Escape lets it be. Of fingers nothing: they scroll. */
export function dragOver(down: ReactPointerEvent<HTMLElement>, { slot, dayMs, onDrop }: Held): void {
  if (down.pointerType === 'touch' || down.button !== 0) return;
  const taken = down.currentTarget;
  const [start, end] = [Date.parse(slot.start), Date.parse(slot.end)];
  let over: HTMLElement | null = null;
  let begun = false;
  const ended = new AbortController();
  const signal = ended.signal;
  const aimCell = (cell: HTMLElement | null) => {
    over?.removeAttribute('data-aimed');
    over = cell;
    over?.setAttribute('data-aimed', '');
  };
  const aimed = () => {
    const by = over === null ? 0 : Number(over.dataset['day']) - dayMs;
    return { change: slot.change, start: start + by, end: end + by };
  };
  const stop = () => {
    aimCell(null);
    aimAt(null);
    ended.abort();
    // The press that ends it is none on what lies there.
    if (begun) taken.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => taken.removeEventListener('click', swallow, { capture: true }));
  };
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (!begun && Math.hypot(clientX - down.clientX, clientY - down.clientY) < APART_PX) return;
    begun = true;
    const cell = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-day]') ?? null;
    if (cell === over) return;
    aimCell(cell);
    const { change, start: from, end: to } = aimed();
    aimAt(cell === null ? null : { change, from, to });
  };
  document.addEventListener('pointermove', move, { signal });
  document.addEventListener('pointercancel', stop, { signal });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && stop(), { signal });
  document.addEventListener(
    'pointerup',
    () => {
      const drop = over !== null && begun ? aimed() : null;
      stop();
      if (drop !== null && drop.start !== start) onDrop(drop);
    },
    { signal },
  );
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
