import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RevisionPage } from '../../../src/contract/change-history.ts';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { RunView } from '../../../src/contract/runs.ts';
import { Instant } from '../parts/instant.tsx';
import { Named } from '../parts/named.tsx';
import { Section } from '../parts/page.tsx';
import { api } from '../server/api.ts';
import type { LaidPlan } from './laid-plan.ts';
import { argvText } from './plan-words.ts';

interface ResolvedProps {
  readonly view: ChangeView;
  readonly laid: LaidPlan;
  readonly run: RunView | undefined;
}

/** When and how the list of targets was made, and whether it was asked for again. */
export function Resolved({ view, laid, run }: ResolvedProps) {
  const revision = useQuery({
    queryKey: ['change', view.id, 'revisions', view.revision],
    queryFn: () => api<RevisionPage>(`/changes/${view.id}/revisions?limit=1`),
  });
  const { targetsFrom, targets } = laid.plan;
  const frozen = revision.data?.revisions[0];
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['How', <How key="how" from={targetsFrom} />],
    [
      'Frozen',
      <span key="frozen">
        {targets.length} targets in revision {view.revision}
        {frozen && (
          <>
            , sent by {frozen.by} <Instant at={frozen.at} />
          </>
        )}
        {targetsFrom?.count !== undefined && `; ${targetsFrom.count} were counted as the list was asked for`}
      </span>,
    ],
    ['Asked again', <Again key="again" listed={targetsFrom !== undefined} run={run} />],
  ];
  return (
    <Section title="Where the list comes from">
      <Named rows={rows} />
    </Section>
  );
}

function How({ from }: { readonly from: LaidPlan['plan']['targetsFrom'] }) {
  if (from === undefined) return 'written by hand, name by name';
  if (from.command !== undefined)
    return (
      <>
        <code>{argvText(from.command)}</code> prints one a line
      </>
    );
  if (from.prometheus !== undefined)
    return (
      <>
        each series of <code>{from.prometheus.query}</code>, by its label <code>{from.prometheus.label}</code>
      </>
    );
  return 'the plan does not say';
}

/** INVARIANT of the start: where a plan says what lists its targets, no run of it begins on others. */
function Again({ listed, run }: { readonly listed: boolean; readonly run: RunView | undefined }) {
  if (!listed) return 'never: nothing in the plan lists them';
  if (run === undefined) return 'not yet: just before a start, on the bastion, and any difference stops it';
  return (
    <>
      <Instant at={run.startedAt} show="moment" /> on {run.host}, before{' '}
      <Link to="/runs/$run" params={{ run: run.id }}>
        {run.id}
      </Link>{' '}
      started: the same ones
    </>
  );
}
