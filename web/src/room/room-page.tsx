import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Missing } from '../parts/sought.tsx';
import { CHANGE_TONES } from '../parts/tones.ts';
import { NextVerdict } from '../run/next-verdict.tsx';
import { RunActs, VetoAct } from '../run/run-acts.tsx';
import { RunLine } from '../runs/run-line.tsx';
import { isMissing } from '../server/error-text.ts';
import { askChange, askRuns } from '../server/questions.ts';
import { EocPresence } from './eoc-presence.tsx';
import { Present } from './present.tsx';
import { Updates } from './updates.tsx';
import classes from './room-page.module.css';

/** The Situation Room of a change: what runs, who is here, who is to be told what next, and the veto. */
export function RoomPage() {
  const { id } = useParams({ from: '/changes/$id/room' });
  const change = useQuery(askChange(id));
  const runs = useQuery(askRuns);
  if (isMissing(change.error)) return <Missing kind="change" id={id} />;
  const live = runs.data?.runs.find(({ change: of }) => of === id);
  return (
    <Page
      title={`Situation Room of ${id}`}
      lead={
        change.data && (
          <>
            <Badge tone={CHANGE_TONES[change.data.state]}>{change.data.state}</Badge> {change.data.title}.{' '}
            <Link to="/changes/$id" params={{ id }}>
              The change
            </Link>
          </>
        )
      }
      acts={
        <Button variant="default" onClick={() => void document.documentElement.requestFullscreen()}>
          Full screen
        </Button>
      }
    >
      <EocPresence change={id} running={live !== undefined} />
      <div className={classes['columns']}>
        <div>
          <Section title="What runs">
            <Answered query={runs}>
              {() =>
                live ? (
                  <>
                    <div className="panel padded">
                      <RunLine run={live} />
                    </div>
                    <RunActs run={live} />
                    <NextVerdict change={id} />
                  </>
                ) : (
                  <>
                    <Empty title="Nothing of it runs." />
                    <div className={classes['veto']}>
                      <VetoAct change={id} size="xl" />
                    </div>
                  </>
                )
              }
            </Answered>
          </Section>
          <Updates change={id} />
        </div>
        <Present change={id} />
      </div>
    </Page>
  );
}
