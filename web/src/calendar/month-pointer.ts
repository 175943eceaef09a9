import type { PointerEvent as ReactPointerEvent } from 'react';
import type { Range } from './search.ts';

interface Followed {
  /** Told of each day that the pointer comes over, `null` where it is over none; answers the days that are marked, half open. */
  readonly over: (dayMs: number | null) => Range | null;
  readonly letGo: (dayMs: number) => void;
  /** A press that moves less than that is no pull, and is let be. */
  readonly apartPx: number;
}

/** Follows the pointer from day to day of the month that took the press, until it is let go; Escape lets all be. */
export function followOver(down: ReactPointerEvent<HTMLElement>, { over, letGo, apartPx }: Followed): void {
  const taken = down.currentTarget;
  const days = [...taken.querySelectorAll<HTMLElement>('[data-day]')];
  let at: number | null = null;
  let begun = false;
  const ended = new AbortController();
  const signal = ended.signal;
  const aim = (dayMs: number | null) => {
    at = dayMs;
    const marked = over(dayMs);
    for (const cell of days) {
      const day = Number(cell.dataset['day']);
      cell.toggleAttribute('data-aimed', marked !== null && marked.from <= day && day < marked.to);
    }
  };
  const stop = () => {
    aim(null);
    ended.abort();
    // The press that ends it is none on what lies there.
    if (begun) taken.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => taken.removeEventListener('click', swallow, { capture: true }));
  };
  const move = ({ clientX, clientY }: Pick<PointerEvent, 'clientX' | 'clientY'>) => {
    if (!begun && Math.hypot(clientX - down.clientX, clientY - down.clientY) < apartPx) return;
    begun = true;
    const cell = document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-day]');
    const dayMs = cell ? Number(cell.dataset['day']) : null;
    if (dayMs !== at) aim(dayMs);
  };
  document.addEventListener('pointermove', move, { signal });
  document.addEventListener('pointercancel', stop, { signal });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && stop(), { signal });
  document.addEventListener(
    'pointerup',
    () => {
      const day = at;
      stop();
      if (day !== null) letGo(day);
    },
    { signal },
  );
  move(down);
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
