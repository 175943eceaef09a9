import type { LineEdit } from '../../../src/plan/line-difference.ts';
import classes from './difference.module.css';

/** How many lines that stayed are shown around one that changed. */
const AROUND = 2;

interface LinesProps {
  readonly edits: readonly LineEdit[];
  /** What a line was that is gone, for who hears the page. */
  readonly was: string;
}

/** Lines that went and came, each with those around it. */
export function Lines({ edits, was }: LinesProps) {
  const says: Readonly<Record<LineEdit['kind'], string>> = { ' ': '', '-': was, '+': 'now' };
  const near = edits.map((_, index) =>
    edits.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== ' '),
  );
  return (
    <ol className={classes['lines']}>
      {edits.map(({ kind, line }, index) =>
        near[index] ? (
          // A line is known by its place alone.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} data-kind={kind}>
            <span aria-hidden="true">{kind === '-' ? '−' : kind}</span>
            {says[kind] !== '' && <span className="unseen">{says[kind]}: </span>}
            <code>{line.replace(/\n$/, '')}</code>
          </li>
        ) : (
          near[index - 1] && (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="quiet">
              …
            </li>
          )
        ),
      )}
    </ol>
  );
}
