import { Link } from '@tanstack/react-router';
import type { RunInList } from '../../../src/contract/run-list.ts';
import type { RunView } from '../../../src/contract/runs.ts';
import { Badge } from '../parts/badge.tsx';
import { Away } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import { Progress } from '../parts/progress.tsx';
import { RUN_TONES } from '../parts/tones.ts';
import classes from './run-line.module.css';

/** A run in two lines: what it is, how it is, how far it is. */
export function RunLine({ run }: { readonly run: RunView | RunInList }) {
  const { done, of, at } = 'progress' in run ? run.progress : progressOf(run);
  return (
    <div>
      <div className={classes['line']}>
        <span className={classes['title']}>
          <Link to="/runs/$run" params={{ run: run.id }}>
            {run.id}
          </Link>{' '}
          of{' '}
          <Link to="/changes/$id" params={{ id: run.change }}>
            {run.change}
          </Link>
        </span>
        <Badge tone={RUN_TONES[run.state]}>{run.state}</Badge>
        <span className={classes['more']}>
          {run.executor} on {run.host}, begun <Away at={run.startedAt} />
          {!run.runnerAlive && run.endedAt === null && ', no runner'}
        </span>
      </div>
      <Progress done={done} of={of} label={`Steps of ${run.id}`} tone={RUN_TONES[run.state]} />
      {run.hold ? (
        <p className={classes['more']}>
          Held: <Said text={run.hold.because} />
        </p>
      ) : (
        at !== null && <p className={classes['more']}>Now: {at}</p>
      )}
    </div>
  );
}

/** How far a run is, of which all steps are here; of those in the list of all runs the server says it. */
function progressOf({ phase, steps }: RunView): Omit<RunInList['progress'], 'list'> {
  const list = steps.filter((step) => step.list === (phase === 'rollback' ? 'rollback' : 'steps'));
  return {
    done: list.filter(({ state }) => state === 'succeeded' || state === 'skipped').length,
    of: list.length,
    at: list.find(({ state }) => state === 'granted' || state === 'running')?.name ?? null,
  };
}
