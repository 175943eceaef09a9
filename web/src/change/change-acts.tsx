import { Link } from '@tanstack/react-router';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { Act } from '../parts/act.tsx';
import { ActButton } from '../parts/act-button.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { VetoAct } from '../run/run-acts.tsx';
import { send } from '../server/api.ts';
import { ApproveAct } from './approve-act.tsx';
import { UnsettledWords } from './own-words.tsx';
import { PrintAct } from './printed.tsx';
import { ScheduleAct } from './schedule-act.tsx';
import { useWhyNot } from './why-not.ts';
import classes from './change-page.module.css';

const ENDED: readonly ChangeView['state'][] = ['complete', 'aborted', 'rejected', 'cancelled'];

/** What this person may do with a request; what they may not stands there with the reason. Where it has ended another is begun. */
export function ChangeActs({ view }: { readonly view: ChangeView }) {
  const whyNot = useWhyNot(view.id);
  if (ENDED.includes(view.state)) return <Again view={view} />;
  const path = `/changes/${view.id}`;
  const common = { object: view.id, reason: 'over', variant: 'default' } as const;
  return (
    <div className={classes['acts']} role="group" aria-label={`What to do with ${view.id}`} data-print="hide">
      {view.state === 'draft' ? (
        <Act
          {...common}
          label="Submit"
          variant="filled"
          weight="press"
          blocked={whyNot('submit')}
          says="From then on people are asked for their word, and the interlock answers for it."
          act={() => send('POST', `${path}/submit`)}
        />
      ) : (
        <ApproveAct view={view} blocked={whyNot('approve')} />
      )}
      <ScheduleAct view={view} blocked={whyNot('schedule')} />
      <Act
        {...common}
        label="Announce"
        weight="press"
        blocked={whyNot('announce')}
        says="The production channel is told that it is about to start."
        act={() => send('POST', `${path}/announce`)}
      />
      <Act
        {...common}
        label="Cancel"
        weight="words"
        blocked={whyNot('cancel')}
        says="It is given up before it begins. Nothing of it is done, and its record stands."
        act={(reason) => send('POST', `${path}/cancel`, { reason })}
      />
      <Act
        {...common}
        label="Reject"
        weight="words"
        blocked={whyNot('reject')}
        says="Its author reads why. It cannot be taken up again; a copy of it can."
        act={(reason) => send('POST', `${path}/reject`, { reason })}
      />
      <VetoAct change={view.id} size="sm" />
      <EditLink id={view.id} blocked={whyNot('edit')} />
      <LinkButton to="/changes/new" search={{ from: view.id }} variant="default">
        Clone
      </LinkButton>
      {view.criticality === 'C1' && (
        <Link to="/changes/$id/room" params={{ id: view.id }}>
          Situation Room
        </Link>
      )}
      <PrintAct />
      <UnsettledWords view={view} />
    </div>
  );
}

/** The way to the plan in the editor; who may not edit it sees why. */
function EditLink({ id, blocked }: { readonly id: string; readonly blocked: string | null }) {
  if (blocked !== null) {
    return (
      <ActButton variant="default" reason="over" blocked={blocked}>
        Edit the plan
      </ActButton>
    );
  }
  return (
    <LinkButton to="/changes/$id/plan" params={{ id }} variant="default">
      Edit the plan
    </LinkButton>
  );
}

/** What has come to its end is not taken up again; another one can be begun from its plan. */
function Again({ view: { id, state } }: { readonly view: ChangeView }) {
  return (
    <div className={classes['acts']} role="group" aria-label={`What to do with ${id}`} data-print="hide">
      <LinkButton to="/changes/new" search={{ from: id }} variant="default">
        {state === 'aborted' ? 'Try again' : 'Clone'}
      </LinkButton>
      <PrintAct />
    </div>
  );
}
