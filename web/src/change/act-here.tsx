import { useQuery } from '@tanstack/react-query';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { askActs, askMe } from '../server/questions.ts';
import { ApproveAct, capacitiesOf } from './approve-act.tsx';
import { ScheduleAct } from './schedule-act.tsx';

interface ActHereProps {
  readonly view: ChangeView;
  /** What one rule wants. */
  readonly needs: ChangeView['needs'];
}

/** Beside what a rule wants: how whoever looks can bring it, where they can. Nothing stands there otherwise. */
export function ActHere({ view, needs }: ActHereProps) {
  const me = useQuery(askMe);
  const acts = useQuery(askActs(view.id));
  const may = (act: 'approve' | 'schedule') =>
    acts.data?.acts.some((one) => one.act === act && one.whyNot === null) === true;
  const unmet = needs.filter(({ met }) => !met);
  const capacities = me.data ? capacitiesOf(me.data) : [];
  const asked = unmet.filter(({ sort }) => sort === 'approval').map(({ what }) => what.toLowerCase());
  // The rule says in words whose approval it wants.
  const as = capacities.find((one) => asked.some((what) => new RegExp(`\\b${one}\\b`).test(what)));
  const lacksSlot = unmet.some(({ sort }) => sort === 'slot');
  return (
    <div data-print="hide">
      {as !== undefined && may('approve') && <ApproveAct view={view} blocked={null} as={as} />}
      {lacksSlot && may('schedule') && <ScheduleAct view={view} blocked={null} size="xs" />}
    </div>
  );
}
