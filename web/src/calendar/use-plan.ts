import { useQueryClient } from '@tanstack/react-query';
import type { Criticality } from '../../../src/kernel/policy/facts.ts';
import { useShortcut } from '../parts/shortcut.ts';
import { serverNow } from '../server/clock.ts';
import { askDays } from './ask-calendar.ts';
import type { Wanted } from './grid.tsx';
import { slotOver } from './opening.ts';
import type { Range } from './search.ts';

const HOUR_MS = 3_600_000;

interface Planning {
  readonly range: Range;
  readonly criticality: Criticality;
  readonly environment: string;
  readonly onWanted: (wanted: Wanted) => void;
}

/** Plans a slot without a pointer, by a key or a press: on the day of the month that has the focus, else in the next hour. */
export function usePlan({ range, criticality, environment, onWanted }: Planning): () => void {
  const queries = useQueryClient();
  const plan = () => {
    const now = serverNow();
    const day = focusedDay();
    const known = queries.getQueryData(askDays(range, environment).queryKey);
    const there =
      day !== null && known !== undefined
        ? slotOver(known, { firstDay: day, lastDay: day, criticality, environment, now })
        : null;
    const next = Math.ceil(now / HOUR_MS) * HOUR_MS;
    const { from, to } = there ?? { from: next, to: next + HOUR_MS };
    onWanted({ start: from, end: to });
  };
  useShortcut('p', 'Plan a slot', plan);
  return plan;
}

function focusedDay(): number | null {
  const cell = document.activeElement?.closest<HTMLElement>('[data-day]');
  return cell ? Number(cell.dataset['day']) : null;
}
