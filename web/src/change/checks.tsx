import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { MeasuredChecks } from '../../../src/contract/check-results.ts';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { DryRunView } from '../../../src/contract/dry-run.ts';
import type { DelayedCheckView } from '../../../src/contract/watching.ts';
import { Answered } from '../parts/answered.tsx';
import { Empty } from '../parts/empty.tsx';
import { LongList } from '../parts/long-list.tsx';
import { Section } from '../parts/page.tsx';
import { usePrinting } from '../parts/printing.ts';
import { Said } from '../parts/said.tsx';
import { api } from '../server/api.ts';
import { checkGroups, type CheckGroup, type CheckRow } from './check-rows.ts';
import { OneCheck } from './one-check.tsx';
import { askDryRuns } from './ask-dry-runs.ts';
import { askLaidPlan, type LaidPlan } from './laid-plan.ts';
import classes from './checks.module.css';

const SHOWN = {
  '': 'all of them',
  measured: 'measured',
  'not-passed': 'measured and not passed',
  'not-measured': 'not measured yet',
} as const;
type ShownAs = keyof typeof SHOWN;

/** Every check of a plan: what it wants, and what it came to when it was measured last. */
export function Checks({ view }: { readonly view: ChangeView }) {
  const laid = useQuery(askLaidPlan(view));
  const measured = useQuery({
    queryKey: ['change', view.id, 'checks'],
    queryFn: () => api<MeasuredChecks>(`/changes/${view.id}/checks`),
  });
  const delayed = useQuery({
    queryKey: ['change', view.id, 'delayed-checks'],
    queryFn: () => api<{ checks: DelayedCheckView[] }>(`/changes/${view.id}/delayed-checks`),
  });
  const dry = useQuery(askDryRuns(view.id));
  const tried = dry.data?.dryRuns.find(({ planDigest }) => planDigest === view.digest);
  return (
    <Answered query={measured}>
      {({ checks }) => (
        <Answered query={laid}>
          {(read) => (
            <Shown
              view={view}
              laid={read}
              measured={checks}
              delayed={delayed.data?.checks ?? []}
              tried={tried}
            />
          )}
        </Answered>
      )}
    </Answered>
  );
}

interface ShownProps {
  readonly view: ChangeView;
  readonly laid: LaidPlan;
  readonly measured: MeasuredChecks['checks'];
  readonly delayed: readonly DelayedCheckView[];
  readonly tried: DryRunView | undefined;
}

type Line =
  { readonly key: string; readonly group: CheckGroup } | { readonly key: string; readonly row: CheckRow };

function Shown({ view, laid, measured, delayed, tried }: ShownProps) {
  const [shown, setShown] = useState<ShownAs>('');
  const printing = usePrinting();
  const groups = useMemo(() => checkGroups(laid, measured, delayed), [laid, measured, delayed]);
  const all = groups.flatMap(({ rows }) => rows);
  const lines = linesOf(groups, printing ? '' : shown);
  return (
    <Section title={`Checks (${all.length})`}>
      <p className="quiet">
        {all.filter(({ result }) => result !== null).length} were measured by a run of this plan,{' '}
        {all.filter(({ result }) => result?.verdict === 'pass').length} of them passed. A dry run measures
        none
        {tried ? `; ${tried.twin ? 'the repeated one' : 'the newest'} of this plan is ${tried.id}.` : '.'}
      </p>
      <div role="search" aria-label="Narrow the checks" className={classes['filter']} data-print="hide">
        <NativeSelect
          aria-label="Which checks"
          data={Object.entries(SHOWN).map(([value, label]) => ({ value, label }))}
          value={shown}
          onChange={({ currentTarget }) => setShown(currentTarget.value as ShownAs)}
        />
      </div>
      {lines.length === 0 ? (
        <Empty title={all.length === 0 ? 'Its plan has no check.' : 'No check is like that.'} />
      ) : (
        <LongList label="Checks" rows={lines} keyOf={({ key }) => key} about={70}>
          {(line) =>
            'group' in line ? (
              <GroupHead group={line.group} tried={tried} />
            ) : (
              <OneCheck change={view.id} row={line.row} />
            )
          }
        </LongList>
      )}
    </Section>
  );
}

function linesOf(groups: readonly CheckGroup[], shown: ShownAs): readonly Line[] {
  return groups.flatMap((group) => {
    const rows = group.rows.filter(({ result }) => isShown(result, shown));
    if (rows.length === 0) return [];
    return [{ key: `group ${group.title}`, group }, ...rows.map((row) => ({ key: row.key, row }))];
  });
}

function isShown(result: CheckRow['result'], shown: ShownAs): boolean {
  if (shown === 'measured') return result !== null;
  if (shown === 'not-passed') return result !== null && result.verdict !== 'pass';
  if (shown === 'not-measured') return result === null;
  return true;
}

/** The place where they are measured, and what the newest dry run said of its step. */
function GroupHead({ group, tried }: { readonly group: CheckGroup; readonly tried: DryRunView | undefined }) {
  const step = group.rows[0]?.step;
  const said = step && tried?.steps.filter(({ list }) => list === step.list)[step.position];
  return (
    <h3 className={classes['head']}>
      {group.title}
      {said && (
        <span className={classes['said']}>
          dry run {tried?.id}: <Said text={said.because} />
        </span>
      )}
    </h3>
  );
}
