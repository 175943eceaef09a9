import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { LedgerPage } from '../../../src/contract/ledger.ts';
import { Entry } from './entry.tsx';
import shared from '../parts/rows.module.css';
import classes from './ledger.module.css';

const ROW_PX = 41;

interface ListProps {
  readonly entries: LedgerPage['entries'];
  /** The index of the entry that stands open at first. */
  readonly opened: string | undefined;
  /** The last entry has come into sight. */
  readonly onEnd: () => void;
}

/** Entries as rows; only those in sight are drawn, each as tall as what it shows. */
export function List({ entries, opened, onEnd }: ListProps) {
  const place = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(opened === undefined ? [] : [opened]));
  useEffect(() => setMargin(place.current?.offsetTop ?? 0), [place]);
  // The React Compiler is not in use, so nothing of it is memoized.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useWindowVirtualizer({
    count: entries.length,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => entries[index]?.index ?? index,
    overscan: 15,
    scrollMargin: margin,
  });
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const latest = useRef(onEnd);
  useEffect(() => {
    latest.current = onEnd;
  });
  useEffect(() => {
    if (last >= entries.length - 1) latest.current();
  }, [last, entries.length]);
  const toggle = (index: string, isOpen: boolean) =>
    setOpen((before) => {
      const after = new Set(before);
      if (isOpen) after.add(index);
      else after.delete(index);
      return after;
    });
  return (
    <ol ref={place} className={shared['rows']} data-long style={{ height: `${rows.getTotalSize()}px` }}>
      {drawn.map(({ index, start, key }) => {
        const row = entries[index];
        return (
          row && (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={classes['entry']}
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              <Entry row={row} open={open.has(row.index)} onToggle={(isOpen) => toggle(row.index, isOpen)} />
            </li>
          )
        );
      })}
    </ol>
  );
}
