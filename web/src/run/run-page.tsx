import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { HoldView, RunView } from '../../../src/contract/runs.ts';
import { Badge } from '../parts/badge.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { sentence } from '../parts/sentence.ts';
import { Sought } from '../parts/sought.tsx';
import { RUN_TONES } from '../parts/tones.ts';
import { askRun } from '../server/questions.ts';
import { Present } from '../room/present.tsx';
import { NextVerdict } from './next-verdict.tsx';
import { RunActs } from './run-acts.tsx';
import { Steps } from './steps.tsx';
import { Terminal } from './terminal.tsx';
import { Watched } from './watched.tsx';
import classes from './run-page.module.css';

/** A run, live: its steps with their clocks, what it watches, its terminal, and what people may say about it. */
export function RunPage() {
  const { run: id } = useParams({ from: '/runs/$run' });
  const run = useQuery(askRun(id));
  return (
    <Sought kind="run" id={id} query={run}>
      {(answer) => <Run run={answer} />}
    </Sought>
  );
}

function Run({ run }: { readonly run: RunView }) {
  return (
    <Page
      title={`${run.id} of ${run.change}`}
      tab={run.id}
      lead={
        <>
          <Badge tone={RUN_TONES[run.state]}>{run.state}</Badge> {run.executor} on {run.host}, begun{' '}
          <Instant at={run.startedAt} show="exact" />,{' '}
          {run.endedAt === null ? (
            <Away at={run.startedAt} />
          ) : (
            <>
              ended <Instant at={run.endedAt} show="exact" />
            </>
          )}
          .{' '}
          <Link to="/changes/$id" params={{ id: run.change }}>
            The change
          </Link>
          ,{' '}
          <Link to="/runs/$run/hand-off" params={{ run: run.id }}>
            its hand-off
          </Link>
          ,{' '}
          <Link to="/changes/$id/room" params={{ id: run.change }}>
            its Situation Room
          </Link>
        </>
      }
    >
      <Hold run={run} />
      {run.endedAt === null && <RunActs run={run} />}
      <div className={classes['columns']}>
        <div>
          <Steps run={run} />
          {run.endedAt === null && <NextVerdict change={run.change} />}
          <Present change={run.change} />
        </div>
        <div>
          <Watched run={run} />
          <Section title="Terminal">
            <Terminal run={run} />
          </Section>
        </div>
      </div>
    </Page>
  );
}

/** What has to happen so that a held run goes on. */
function Onward({ run, hold }: { readonly run: RunView; readonly hold: HoldView }) {
  if (hold.cause === 'hand-off') {
    return (
      <Link to="/runs/$run/hand-off" params={{ run: run.id }}>
        Write the hand-off
      </Link>
    );
  }
  return hold.needsPerson ? 'A person has to say how it goes on.' : 'It goes on when the verdict allows it.';
}

/** Why it stands still, or may soon. */
function Hold({ run }: { readonly run: RunView }) {
  const { hold } = run;
  return (
    <div role="status" aria-label="Why it waits">
      {hold && (
        <div className="notice warn">
          <strong>
            Held <Away at={hold.since} />
            {hold.by !== null && `, by ${hold.by}`}:
          </strong>{' '}
          <Said text={sentence(hold.because)} /> <Onward run={run} hold={hold} />
        </div>
      )}
      {run.holdWanted && !hold && (
        <div className="notice warn">It is to be held at the next safe place to stop.</div>
      )}
      {!run.runnerAlive && run.endedAt === null && (
        <div className="notice stop">
          No runner is alive on {run.host}.
          {run.takeOverFrom !== null && (
            <>
              {' '}
              Another may take it over from <Instant at={run.takeOverFrom} show="exact" />:{' '}
              <code>interlock run {run.change} --take-over</code>
            </>
          )}
        </div>
      )}
    </div>
  );
}
