import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { Badge } from '../parts/badge.tsx';
import { Waiting } from '../parts/empty.tsx';
import { Away, Span } from '../parts/instant.tsx';
import { Page } from '../parts/page.tsx';
import { usePrinting } from '../parts/printing.ts';
import { Said } from '../parts/said.tsx';
import { Sought } from '../parts/sought.tsx';
import { CHANGE_TONES } from '../parts/tones.ts';
import { askChange } from '../server/questions.ts';
import { Updates } from '../room/updates.tsx';
import { Approvals } from './approvals.tsx';
import { Attachments } from './attachments.tsx';
import { ChangeActs } from './change-acts.tsx';
import { Checks } from './checks.tsx';
import { Discussion } from './discussion.tsx';
import { DryRuns } from './dry-runs.tsx';
import { History } from './history.tsx';
import { InterlockPanel } from './interlock-panel.tsx';
import { CHANGE_PARTS, type ChangePart } from './parts.ts';
import { Plan } from './plan.tsx';
import { PrintedOf } from './printed.tsx';
import { Targets } from './targets.tsx';
import classes from './change-page.module.css';

/** One request: what it is, what the interlock says of its next act, who said yes, and its plan. */
export function ChangePage() {
  const { id } = useParams({ from: '/changes/$id' });
  const change = useQuery(askChange(id));
  return (
    <Sought kind="change" id={id} query={change} waiting={<Waiting rows={5} height="5rem" />}>
      {(view) => <Change view={view} />}
    </Sought>
  );
}

const SHOWN: Readonly<Record<ChangePart, (view: ChangeView) => ReactNode>> = {
  interlock: (view) => <InterlockPanel view={view} />,
  plan: (view) => <Plan view={view} />,
  targets: (view) => <Targets view={view} />,
  checks: (view) => <Checks view={view} />,
  approvals: (view) => <Approvals view={view} />,
  runs: (view) => <DryRuns view={view} />,
  discussion: (view) => (
    <>
      <Updates change={view.id} />
      <Attachments id={view.id} />
      <Discussion id={view.id} />
    </>
  ),
  history: (view) => <History id={view.id} />,
};

function Change({ view }: { readonly view: ChangeView }) {
  const { part = 'interlock' } = useSearch({ from: '/changes/$id' });
  const printing = usePrinting();
  return (
    <Page
      title={`${view.id} ${view.title}`}
      tab={view.id}
      lead={
        <>
          <Badge tone={CHANGE_TONES[view.state]}>{view.state}</Badge> {view.criticality}, {view.severity},{' '}
          {view.kind} in {view.environment}
        </>
      }
    >
      <ChangeActs view={view} />
      <Facts view={view} />
      <Parts id={view.id} shown={part} />
      {printing ? <Everything view={view} /> : SHOWN[part](view)}
    </Page>
  );
}

function Parts({ id, shown }: { readonly id: string; readonly shown: ChangePart }) {
  const place = useRef<HTMLElement>(null);
  // On a phone not all of them are in sight.
  useEffect(() => {
    const here = place.current?.querySelector(`[data-part=${shown}]`);
    here?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);
  return (
    <nav ref={place} aria-label="Parts of the change" className={classes['parts']} data-print="hide">
      {CHANGE_PARTS.map(([name, title]) => (
        <Link
          key={name}
          data-part={name}
          to="/changes/$id"
          params={{ id }}
          search={name === 'interlock' ? {} : { part: name }}
          activeOptions={{ exact: true, includeSearch: true }}
          replace
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}

/** Every part, one beneath the other, as paper has it. */
function Everything({ view }: { readonly view: ChangeView }) {
  return (
    <>
      <PrintedOf view={view} />
      {CHANGE_PARTS.map(([name, title]) => (
        <section key={name} className={classes['part']} aria-label={title}>
          <h2>{title}</h2>
          {SHOWN[name](view)}
        </section>
      ))}
    </>
  );
}

function Facts({ view }: { readonly view: ChangeView }) {
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Services', view.services.join(', ') || 'none'],
    [
      'Author',
      view.openedByAgent === null ? view.author : `${view.author}, by the agent ${view.openedByAgent}`,
    ],
    ['Executor', view.executor],
    ['Slot', <SlotText key="slot" slot={view.slot} />],
    [
      'Counts as',
      <span key="kind">
        {view.effectiveKind.kind}: <Said text={view.effectiveKind.because} />
      </span>,
    ],
    [
      'Plan',
      <span key="plan">
        revision {view.revision}, <code title={view.digest}>{view.digest.slice(0, 15)}…</code>
      </span>,
    ],
    ...(view.ending
      ? [['Ended', `${view.ending.state} by ${view.ending.by}: ${view.ending.reason}`] as const]
      : []),
  ];
  return (
    <dl className={`panel padded ${classes['facts']}`}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function SlotText({ slot }: { readonly slot: ChangeView['slot'] }) {
  if (!slot) return 'none';
  return (
    <>
      <Span start={slot.start} end={slot.end} />, {slot.accepted ? 'accepted' : 'tentative'},{' '}
      <Away at={slot.start} />
    </>
  );
}
