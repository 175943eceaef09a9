import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import classes from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** `side`: from the left, as tall as the screen. `wide`: in the middle, with room for a table. */
  readonly place?: 'middle' | 'side' | 'wide';
  readonly children: ReactNode;
}

/** A dialog of the browser's own: it holds the focus, leaves by Escape, and gives the focus back. Shown while it is drawn. */
export function Dialog({ title, onClose, place = 'middle', children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still in the page: one that is only taken out gives no focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      className={place === 'side' ? classes['side'] : classes['dialog']}
      data-place={place}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // What somebody has written is not lost by a press beside it.
        if (place === 'side' && event.target === element.current) onClose();
      }}
    >
      <div className={classes['content']}>
        <h2 id={id} className={classes['title']}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
