import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { usePrinting } from './printing.ts';
import classes from './rows.module.css';

/** A list that is no longer than this is drawn whole. */
const SHORT = 60;

interface LongListProps<T> {
  /** What it lists, for who hears the page. */
  readonly label: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** How tall a row is about, in pixels: it is measured once it is drawn. */
  readonly about: number;
  readonly children: (row: T) => ReactNode;
}

/** Rows, however many: of a long list only those in sight are drawn, on paper all. */
export function LongList<T>(props: LongListProps<T>) {
  const printing = usePrinting();
  return printing || props.rows.length <= SHORT ? <Whole {...props} /> : <InSight {...props} />;
}

function Whole<T>({ label, rows, keyOf, children }: LongListProps<T>) {
  return (
    <ul aria-label={label} className={classes['rows']}>
      {rows.map((row) => (
        <li key={keyOf(row)}>{children(row)}</li>
      ))}
    </ul>
  );
}

function InSight<T>({ label, rows, keyOf, about, children }: LongListProps<T>) {
  const place = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const top = place.current?.getBoundingClientRect().top ?? 0;
    setMargin(top + window.scrollY);
  }, [rows]);
  // The React Compiler is not in use, so nothing of it is memoized.
  // oxlint-disable-next-line react/incompatible-library
  const drawn = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => about,
    overscan: 8,
    scrollMargin: margin,
    getItemKey: (index) => keyOf(rows[index] as T),
  });
  return (
    <ul
      ref={place}
      aria-label={label}
      className={classes['rows']}
      data-long
      style={{ height: `${drawn.getTotalSize()}px` }}
    >
      {drawn.getVirtualItems().map(({ index, key, start }) => (
        <li
          key={String(key)}
          ref={drawn.measureElement}
          data-index={index}
          aria-setsize={rows.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start - margin}px)` }}
        >
          {children(rows[index] as T)}
        </li>
      ))}
    </ul>
  );
}
