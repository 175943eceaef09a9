import type { ReactNode } from 'react';
import classes from './table.module.css';
import { said } from './said.tsx';

/** Each column by its name, in order. */
export type Columns<T> = Readonly<Record<string, (row: T) => ReactNode>>;

interface TableProps<T> {
  /** What it lists, for who hears the page. */
  readonly label: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  readonly columns: Columns<T>;
}

/** Rows and columns; on a phone each row is a card that names what it says. */
export function Table<T>({ label, rows, keyOf, columns }: TableProps<T>) {
  const all = Object.entries(columns);
  return (
    <div className="panel wide">
      {/* The roles are said since a table that is not laid out as one loses them. */}
      <table role="table" aria-label={label} className={classes['table']}>
        <thead role="rowgroup">
          <tr role="row">
            {all.map(([name]) => (
              <th key={name} scope="col" role="columnheader">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              {all.map(([name, cell]) => (
                <td key={name} role="cell" data-name={name}>
                  <div>{said(cell(row))}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
