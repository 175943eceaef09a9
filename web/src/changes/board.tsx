import { Link } from '@tanstack/react-router';
import type { ChangeSummary } from '../../../src/contract/changes.ts';
import { CHANGE_STATES } from '../../../src/kernel/change/state.ts';
import { Away } from '../parts/instant.tsx';
import classes from './board.module.css';

/** Requests by their state, one column each; a state without any is left out. */
export function Board({ changes }: { readonly changes: readonly ChangeSummary[] }) {
  const byState = Map.groupBy(changes, ({ state }) => state);
  return (
    <div className={classes['board']} tabIndex={0} role="region" aria-label="Changes by state">
      {CHANGE_STATES.flatMap((state) => {
        const here = byState.get(state);
        return here ? [<Column key={state} state={state} changes={here} />] : [];
      })}
    </div>
  );
}

interface ColumnProps {
  readonly state: string;
  readonly changes: readonly ChangeSummary[];
}

function Column({ state, changes }: ColumnProps) {
  return (
    <section aria-label={state} className={classes['column']}>
      <h2>
        {state} <span className="quiet">{changes.length}</span>
      </h2>
      <ul>
        {changes.map(({ id, title, criticality, environment, slot }) => (
          <li key={id} className="panel">
            <Link to="/changes/$id" params={{ id }}>
              {id}
            </Link>{' '}
            <span className={classes['title']}>{title}</span>
            <p className={classes['more']}>
              {criticality} in {environment}
              {slot && (
                <>
                  , <Away at={slot.start} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
