import { type ReactNode, useState } from 'react';
import { usePrinting } from './printing.ts';
import classes from './fold.module.css';

interface FoldProps {
  readonly title: ReactNode;
  /** Drawn once it is opened; on paper it always is, unless it is `onScreen` alone. */
  readonly children: () => ReactNode;
  readonly onScreen?: boolean;
}

/** Something that is opened by a press. */
export function Fold({ title, children, onScreen = false }: FoldProps) {
  const printing = usePrinting() && !onScreen;
  const [open, setOpen] = useState(false);
  const shown = open || printing;
  return (
    <details
      open={shown}
      className={classes['fold']}
      data-print={onScreen ? 'hide' : undefined}
      onToggle={({ currentTarget }) => {
        if (!printing) setOpen(currentTarget.open);
      }}
    >
      <summary>{title}</summary>
      {shown && children()}
    </details>
  );
}
