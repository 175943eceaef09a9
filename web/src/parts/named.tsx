import type { ReactNode } from 'react';
import classes from './named.module.css';
import { said } from './said.tsx';

interface NamedProps {
  /** Each with its name; the rows stand in this order. */
  readonly rows: readonly (readonly [name: string, value: ReactNode])[];
  /** Whether a box is around it: not where it stands in one. */
  readonly boxed?: boolean;
  readonly className?: string | undefined;
}

/** What is known of one thing, each value beside its name. */
export function Named({ rows, boxed = true, className = '' }: NamedProps) {
  return (
    <dl className={`${boxed ? 'panel padded ' : ''}${classes['named']} ${className}`}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{said(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
