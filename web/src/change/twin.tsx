import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { DryRunView } from '../../../src/contract/dry-run.ts';
import { mayDifferOf } from '../../../src/contract/plan-dry-run.ts';
import type { MayDiffer } from '../../../src/kernel/verify/dry-run-output.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { usePrinting } from '../parts/printing.ts';
import { apiText } from '../server/api.ts';
import { askLaidPlan } from './laid-plan.ts';
import { sideBySide, type Pair, type StepPair } from './side-by-side.ts';
import classes from './twin.module.css';

interface TwinProps {
  readonly view: ChangeView;
  readonly twin: DryRunView;
  readonly reviewed: string;
}

/** A repeated dry run beside the reviewed one, step by step; what differs is marked, and whether the plan lets it. */
export function Twin({ view, twin, reviewed }: TwinProps) {
  const [was, is] = [useOutput(view.id, reviewed), useOutput(view.id, twin.id)];
  const laid = useQuery(askLaidPlan(view));
  // What may differ is the plan's, so that of another plan says nothing here.
  const declared = twin.planDigest === view.digest ? mayDifferOf(laid.data?.plan.dryRunMayDiffer) : [];
  return (
    <Answered query={was}>
      {(before) => (
        <Answered query={is}>
          {(after) => (
            <Steps reviewed={before} repeated={after} declared={declared} ids={[reviewed, twin.id]} />
          )}
        </Answered>
      )}
    </Answered>
  );
}

const useOutput = (change: string, id: string) =>
  useQuery({
    queryKey: ['change', change, 'dry-runs', id, 'output'],
    queryFn: () => apiText(`/changes/${change}/dry-runs/${id}/output`),
    staleTime: Number.POSITIVE_INFINITY,
  });

interface StepsProps {
  readonly reviewed: string;
  readonly repeated: string;
  readonly declared: readonly MayDiffer[];
  readonly ids: readonly [string, string];
}

function Steps({ reviewed, repeated, declared, ids }: StepsProps) {
  const steps = useMemo(() => sideBySide(reviewed, repeated, declared), [reviewed, repeated, declared]);
  return (
    <div className={classes['twin']}>
      {steps.map((step) => (
        <OneStep key={step.title} step={step} ids={ids} />
      ))}
    </div>
  );
}

/** One that differs is open; one that does not is opened by a press. */
function OneStep({ step, ids }: { readonly step: StepPair; readonly ids: StepsProps['ids'] }) {
  const { title, pairs, differs, declared } = step;
  const printing = usePrinting();
  const [open, setOpen] = useState(differs + declared > 0);
  return (
    <details
      open={open || printing}
      onToggle={({ currentTarget }) => !printing && setOpen(currentTarget.open)}
    >
      <summary>
        {title}{' '}
        {differs > 0 && (
          <Badge tone="stop">
            {differs} {differs === 1 ? 'line differs' : 'lines differ'}
          </Badge>
        )}{' '}
        {declared > 0 && <Badge tone="warn">{declared} as the plan lets it</Badge>}
        {differs + declared === 0 && <Badge tone="go">the same</Badge>}
      </summary>
      {(open || printing) && (
        <div className="wide" tabIndex={0} role="region" aria-label={title}>
          <table className={classes['lines']}>
            <thead>
              <tr>
                <th scope="col">Line</th>
                <th scope="col">Reviewed, {ids[0]}</th>
                <th scope="col">Repeated, {ids[1]}</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map((pair, index) => (
                // A line is known by its place alone.
                // oxlint-disable-next-line react/no-array-index-key
                <Line key={index} pair={pair} number={index + 1} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

const SIGNS: Readonly<Record<Pair['is'], string>> = { same: '', declared: '≈', differs: '≠' };
const SAYS: Readonly<Record<Pair['is'], string>> = {
  same: '',
  declared: 'differs as the plan lets it',
  differs: 'differs',
};

function Line({
  pair: { reviewed, repeated, is },
  number,
}: {
  readonly pair: Pair;
  readonly number: number;
}) {
  return (
    <tr data-is={is}>
      <td>
        <span aria-hidden="true">{SIGNS[is]}</span> {number}
        {is !== 'same' && <span className="unseen"> {SAYS[is]}</span>}
      </td>
      <td>{reviewed === null ? <span className="quiet">nothing</span> : <code>{reviewed}</code>}</td>
      <td>{repeated === null ? <span className="quiet">nothing</span> : <code>{repeated}</code>}</td>
    </tr>
  );
}
