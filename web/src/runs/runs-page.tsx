import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { SetupHint } from '../setup/setup-hint.tsx';
import { askRuns } from '../server/questions.ts';
import { RunLine } from './run-line.tsx';
import classes from '../parts/rows.module.css';

/** Every live run. One that has ended is at its change. */
export function RunsPage() {
  const runs = useQuery(askRuns);
  return (
    <Page title="Runs" lead="What is executed now. A run that has ended is found at its change.">
      <Answered query={runs}>
        {(answer) =>
          answer.runs.length === 0 ? (
            <Empty title="Nothing runs.">
              A run is started on a bastion by <code>interlock run CHG-1</code>.{' '}
              <Link to="/changes">All changes</Link>. <SetupHint />
            </Empty>
          ) : (
            <ul className={classes['rows']}>
              {answer.runs.map((run) => (
                <li key={run.id}>
                  <RunLine run={run} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Page>
  );
}
