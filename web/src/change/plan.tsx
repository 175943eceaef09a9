import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { durationText } from '../../../src/contract/duration.ts';
import { Answered } from '../parts/answered.tsx';
import { Fold } from '../parts/fold.tsx';
import { Markdown } from '../parts/markdown.tsx';
import { Named } from '../parts/named.tsx';
import { Section } from '../parts/page.tsx';
import { Findings } from './findings.tsx';
import { askLaidPlan, type LaidPlan } from './laid-plan.ts';
import { markedSteps } from './plan-steps.ts';
import { PlanSteps } from './plan-step.tsx';
import { rangeWords } from './plan-words.ts';
import { Written } from './written.tsx';
import classes from './plan.module.css';

/** The plan as it is carried out: what it is for, each step with what the linter says of it, the way back, and its text. */
export function Plan({ view }: { readonly view: ChangeView }) {
  const laid = useQuery(askLaidPlan(view));
  return (
    <>
      <Answered query={laid}>{(read) => <Rendered view={view} laid={read} />}</Answered>
      <Section title="As it was written" aside={<code className="quiet">{view.digest.slice(0, 19)}…</code>}>
        <Fold title={`${view.planFile} and ${Object.keys(view.scripts).length} scripts`}>
          {() => <Written view={view} />}
        </Fold>
      </Section>
    </>
  );
}

function Rendered({ view, laid }: { readonly view: ChangeView; readonly laid: LaidPlan }) {
  const { plan } = laid;
  const { steps, others } = markedSteps(laid, view);
  const { triggers = [], pointOfNoReturn } = plan.rollback;
  return (
    <>
      <Section title="What it is for">
        <Purpose plan={plan} />
      </Section>
      {others.length > 0 && (
        <Section title={`What the linter says of the plan (${others.length})`}>
          <Findings findings={others} />
        </Section>
      )}
      <Section title="Steps" aside={<span className="quiet">about {durationText(plan.estimate.steps)}</span>}>
        <PlanSteps steps={steps.filter(({ list }) => list === 'steps')} noReturn={pointOfNoReturn} />
      </Section>
      <Section
        title="Rollback"
        aside={<span className="quiet">about {durationText(plan.estimate.rollback)}</span>}
      >
        {triggers.length > 0 && (
          <ul>
            {triggers.map(({ say }) => (
              <li key={say}>{say}</li>
            ))}
          </ul>
        )}
        <PlanSteps steps={steps.filter(({ list }) => list === 'rollback')} noReturn={null} />
      </Section>
      {plan.watch.length > 0 && (
        <Section title="What is watched meanwhile">
          <ul>
            {plan.watch.map(({ name, expect, rollBackWhen, graph }) => (
              <li key={name}>
                {name}: right when it {rangeWords(expect)}, rolled back when it {rangeWords(rollBackWhen)};{' '}
                <Graph address={graph} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** The plan names where a metric is drawn; only an address of the web is one to follow. */
function Graph({ address }: { readonly address: string }) {
  if (!/^https?:\/\//.test(address)) return <code>{address}</code>;
  return (
    <a href={address} rel="noreferrer noopener" target="_blank">
      graph
    </a>
  );
}

function Purpose({ plan }: { readonly plan: LaidPlan['plan'] }) {
  const rows: readonly (readonly [string, ReactNode])[] = [
    ['Objective', plan.objective],
    ['Reason', plan.reason],
    ...(plan.description.trim() === ''
      ? []
      : [['Description', <Markdown key="description" text={plan.description} />] as const]),
    ['Impact', plan.impact],
    ['Downtime', plan.downtime === 0 ? 'none' : durationText(plan.downtime)],
    ['Tested before', plan.testedBefore],
    ['Team', plan.team.join(', ')],
    ...(plan.emoc === null ? [] : [['Event manager', plan.emoc] as const]),
    ...(plan.procedure === undefined ? [] : [['Procedure', plan.procedure] as const]),
    ...plan.assumptions.map(
      (one, index) =>
        [
          `Assumption ${index + 1}`,
          'check' in one
            ? `${one.text} (proven by the check “${one.check}”)`
            : `${one.text} (${one.exception})`,
        ] as const,
    ),
  ];
  return <Named rows={rows} className={classes['purpose']} />;
}
