import { useQuery } from '@tanstack/react-query';
import type { NowAnswer } from '../../../src/contract/gate.ts';
import { Answered } from '../parts/answered.tsx';
import { Waiting } from '../parts/empty.tsx';
import { Instant } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { HandOffsForMe } from '../hand-off/waiting.tsx';
import { SetupBanner } from '../setup/setup-banner.tsx';
import { askNow } from '../server/questions.ts';
import { AtAGlance } from './at-a-glance.tsx';
import { Board } from './board.tsx';
import { Duty } from './duty.tsx';
import { Locks } from './locks.tsx';
import { Next } from './next.tsx';
import { Proof } from './proof.tsx';
import { Running } from './running.tsx';
import classes from './now-page.module.css';

/** One look: may production change now, and if not, why and from when; what runs, what is next, who answers. */
export function NowPage() {
  const now = useQuery(askNow);
  return (
    <Page title="May production change now?" tab="Now" lead={now.data ? <Asked now={now.data} /> : ' '}>
      <HandOffsForMe />
      <SetupBanner />
      <AtAGlance />
      <Answered query={now} waiting={<Waiting rows={2} height="13rem" />}>
        {({ at, environments }) => (
          <>
            {environments
              .filter(({ operational }) => operational)
              .map((environment) => (
                <Board key={environment.name} environment={environment} at={at} />
              ))}
            <OutOfScope environments={environments} />
          </>
        )}
      </Answered>
      <div className={classes['below']}>
        <div>
          <div id="running">
            <Running />
          </div>
          <Next />
          <Proof />
        </div>
        <div>
          <Duty />
          <div id="locks">
            <Locks />
          </div>
        </div>
      </div>
    </Page>
  );
}

function Asked({ now }: { readonly now: NowAnswer }) {
  return (
    <>
      <Instant at={now.at} />, by the policy “{now.policy.name}”
    </>
  );
}

function OutOfScope({ environments }: { readonly environments: NowAnswer['environments'] }) {
  const names = environments.filter(({ operational }) => !operational).map(({ name }) => name);
  if (names.length === 0) return null;
  return <p className="quiet">Not operational, so out of scope: {names.join(', ')}</p>;
}
