import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ChangeSummary } from '../../../src/contract/changes.ts';
import { useShortcut } from '../parts/shortcut.ts';
import { List } from './list.tsx';
import { RescheduleDialog } from './reschedule-dialog.tsx';
import classes from './list.module.css';

interface SelectableListProps {
  readonly changes: readonly ChangeSummary[];
  readonly onEnd: () => void;
}

/** The list, of which some can be selected and moved together. */
export function SelectableList({ changes, onEnd }: SelectableListProps) {
  const [selected, setSelected] = useState<ReadonlyMap<string, ChangeSummary>>(new Map());
  const [moving, setMoving] = useState(false);
  const select = (change: ChangeSummary) => {
    const next = new Map(selected);
    if (!next.delete(change.id)) next.set(change.id, change);
    setSelected(next);
  };
  const move = () => setMoving(selected.size > 0);
  useShortcut('m', 'Move the selected changes', move);
  // As the list shows them now: their slots may have moved since they were selected.
  const now = [...selected.values()].map((one) => changes.find(({ id }) => id === one.id) ?? one);
  return (
    <>
      <List changes={changes} selected={new Set(selected.keys())} onSelect={select} onEnd={onEnd} />
      {selected.size > 0 && (
        <div role="region" aria-label="Selected" className={classes['selected']} data-print="hide">
          <strong>{selected.size} selected</strong>
          <Button size="xs" onClick={move}>
            Move them
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setSelected(new Map())}>
            Select none
          </Button>
        </div>
      )}
      {moving && <RescheduleDialog changes={now} onClose={() => setMoving(false)} />}
    </>
  );
}
