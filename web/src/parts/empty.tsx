import type { ReactNode } from 'react';
import classes from './empty.module.css';
import { said } from './said.tsx';

/** That there is nothing, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={classes['empty']}>
      <p className={classes['title']}>{said(title)}</p>
      {children !== undefined && <div className={classes['hint']}>{children}</div>}
    </div>
  );
}

/** Stands where rows will be while they are asked for, as tall as they will be. */
export function Waiting({
  rows = 3,
  height = '2.25rem',
}: {
  readonly rows?: number;
  readonly height?: string;
}) {
  return (
    <div role="status" className={classes['waiting']}>
      <span className="unseen">Asking</span>
      <p className={classes['lacking']}>This had not come when it was printed.</p>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes['bar']} style={{ height }} />
      ))}
    </div>
  );
}
