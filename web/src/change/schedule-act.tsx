import { useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { Wanted } from '../calendar/grid.tsx';
import { SlotDialog } from '../calendar/slot-dialog.tsx';
import { ActButton, type ButtonLooks } from '../parts/act-button.tsx';

const QUARTER_MS = 15 * 60_000;

interface ScheduleActProps extends Pick<ButtonLooks, 'size'> {
  readonly view: ChangeView;
  readonly blocked: string | null;
}

/** Asks for a slot from the change's own page: what there is to know of it, then the server's verdict, as on the calendar. */
export function ScheduleAct({ view, blocked, ...looks }: ScheduleActProps) {
  const [wanted, setWanted] = useState<Wanted | null>(null);
  return (
    <>
      <ActButton
        {...looks}
        variant="default"
        reason="over"
        blocked={blocked}
        onPress={() => setWanted({ change: view.id, ...proposedSlot(view, Date.now()) })}
      >
        {view.slot === null ? 'Schedule' : 'Move'}
      </ActButton>
      {wanted !== null && (
        <SlotDialog
          title={`${view.slot === null ? 'Schedule' : 'Move'} ${view.id}`}
          wanted={wanted}
          onClose={() => setWanted(null)}
        />
      )}
    </>
  );
}

/** Its own slot; else one of an hour from the next quarter on, or from when hours and locks open. */
function proposedSlot({ slot, verdict }: ChangeView, nowMs: number): { start: number; end: number } {
  if (slot !== null) return { start: Date.parse(slot.start), end: Date.parse(slot.end) };
  const opening = verdict?.decision.nextOpening;
  const from = Math.max(nowMs, opening == null ? 0 : Date.parse(opening));
  const start = Math.ceil(from / QUARTER_MS) * QUARTER_MS;
  return { start, end: start + 4 * QUARTER_MS };
}
