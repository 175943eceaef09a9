import { Link, useNavigate } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { ChangeSummary } from '../../../src/contract/changes.ts';
import { Badge } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { useShortcut } from '../parts/shortcut.ts';
import { CHANGE_TONES } from '../parts/tones.ts';
import classes from './list.module.css';

// A title may take two lines.
const ROW_PX = 58;

interface ListProps {
  readonly changes: readonly ChangeSummary[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (change: ChangeSummary) => void;
  /** The last row has come into sight. */
  readonly onEnd: () => void;
}

/** Requests as rows; only those in sight are drawn. `j` and `k` go along them, `o` opens, `x` selects. */
export function List({ changes, selected, onSelect, onEnd }: ListProps) {
  const place = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  const [at, setAt] = useState(-1);
  const navigate = useNavigate();
  useEffect(() => setMargin(place.current?.offsetTop ?? 0), [place]);
  // The React Compiler is not in use, so nothing of it is memoized.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useWindowVirtualizer({
    count: changes.length,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollMargin: margin,
  });
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const latest = useRef(onEnd);
  useEffect(() => {
    latest.current = onEnd;
  });
  useEffect(() => {
    if (last >= changes.length - 1) latest.current();
  }, [last, changes.length]);
  const go = (to: number) => {
    const next = Math.max(0, Math.min(changes.length - 1, to));
    setAt(next);
    rows.scrollToIndex(next, { align: 'auto' });
  };
  useShortcut('j', 'The next change', () => go(at + 1));
  useShortcut('k', 'The change before', () => go(at - 1));
  useShortcut('o', 'Open the change', () => {
    const change = changes[at];
    if (change) void navigate({ to: '/changes/$id', params: { id: change.id } });
  });
  useShortcut('x', 'Select the change, or not any more', () => {
    const change = changes[at];
    if (change) onSelect(change);
  });
  return (
    <ul
      ref={place}
      aria-label="Changes"
      className={classes['list']}
      style={{ height: `${rows.getTotalSize()}px` }}
    >
      {drawn.map(({ index, start }) => {
        const change = changes[index];
        return (
          change && (
            <li
              key={change.id}
              ref={rows.measureElement}
              data-index={index}
              className={classes['row']}
              data-at={index === at || undefined}
              data-selected={selected.has(change.id) || undefined}
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              <Row change={change} selected={selected.has(change.id)} onSelect={() => onSelect(change)} />
            </li>
          )
        );
      })}
    </ul>
  );
}

interface RowProps {
  readonly change: ChangeSummary;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

function Row({ change, selected, onSelect }: RowProps) {
  const { id, title, state, criticality, severity, environment, slot, author } = change;
  return (
    <>
      <input
        type="checkbox"
        className={classes['select']}
        aria-label={`Select ${id}`}
        checked={selected}
        onChange={onSelect}
      />
      <Badge tone={CHANGE_TONES[state]}>{state}</Badge>
      <span className={classes['title']}>
        <Link to="/changes/$id" params={{ id }}>
          {id}
        </Link>{' '}
        {title}
      </span>
      <span className={classes['more']}>
        {criticality}, {severity}
      </span>
      <span className={classes['more']}>
        {environment}, by {author}
      </span>
      <span className={classes['slot']}>{slot ? <Instant at={slot.start} /> : 'no slot'}</span>
    </>
  );
}
