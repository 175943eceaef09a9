import type { ReactNode } from 'react';
import type { PreviewPlan } from '../../../src/contract/change-preview.ts';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Named } from '../parts/named.tsx';
import { Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { Said } from '../parts/said.tsx';
import { spanText } from '../parts/time.ts';
import { EditWords } from './edit-words.tsx';
import { Slots } from './slots.tsx';
import { useLast } from './use-last.ts';
import type { Judged } from './use-preview.ts';
import classes from './plan-editor.module.css';

interface BesideProps {
  readonly judged: Judged;
  readonly text: string;
  readonly slot: PreviewPlan['slot'];
  readonly onSlot: (slot: PreviewPlan['slot']) => void;
  readonly children?: ReactNode;
}

/** What the server says of the plan as one types: what it counts as, what it needs, and when it could be. */
export function Beside({ judged, text, slot, onSlot, children }: BesideProps) {
  const { preview, about, isAsking, error } = judged;
  const plan = useLast(preview?.plan ?? null);
  const isOld = preview !== null && preview.plan === null;
  return (
    <div className={classes['beside']} role="group" aria-label="What the server says of it" tabIndex={0}>
      {children}
      <p className={classes['state']} role="status">
        {isAsking
          ? 'The server is being asked.'
          : isOld
            ? 'It cannot be read as a plan now: the marks say where and why.'
            : about === text
              ? 'For the text as it stands.'
              : ''}
      </p>
      {error !== null && <Problem error={error} />}
      {plan === null && (
        <Empty title={preview === null ? 'Nothing is said of it yet.' : 'It cannot be read as a plan yet.'}>
          {preview === null ? 'Begin to write.' : 'The marks under the text say where and why.'}
        </Empty>
      )}
      {plan !== null && (
        <div data-old={isOld} className={classes['said']}>
          {plan.edit && <EditWords edit={plan.edit} />}
          <CountsAs plan={plan} />
          <Slots plan={plan} chosen={slot} onSlot={onSlot} />
          <Needs plan={plan} />
        </div>
      )}
    </div>
  );
}

function CountsAs({ plan }: { readonly plan: PreviewPlan }) {
  const { criticality, severity, floor, effectiveKind, kind, targets, steps, lengthMinutes, environment } =
    plan;
  const enough = criticality <= floor.criticality;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      'Criticality',
      <>
        <Badge tone={enough ? 'go' : 'stop'}>
          {criticality}, at least {floor.criticality}
        </Badge>{' '}
        {floor.madeBy.length === 0 ? 'no topic asks for more' : `for ${floor.madeBy.join(', ')}`}
        {floor.unlisted.length > 0 && `; not of the policy: ${floor.unlisted.join(', ')}`}
      </>,
    ],
    ['Severity', severity],
    [
      'Kind',
      <>
        <Badge tone={effectiveKind.kind === kind ? 'go' : 'warn'}>{effectiveKind.kind}</Badge>{' '}
        <Said text={effectiveKind.because} />
      </>,
    ],
    [
      'Touches',
      `${targets} ${targets === 1 ? 'target' : 'targets'} in ${environment}, in ${steps} ${steps === 1 ? 'step' : 'steps'}`,
    ],
    ['Takes', `${spanText(lengthMinutes * 60_000)}, its rollback included`],
  ];
  return (
    <Section title="Counts as">
      <Named rows={rows} boxed={false} />
    </Section>
  );
}

const SORTS = {
  approval: 'Approvals',
  role: 'People',
  slot: 'A date',
  word: 'Words to others',
  check: 'Checks',
} as const;

function Needs({ plan: { needs, asks } }: { readonly plan: PreviewPlan }) {
  const said = new Set(needs.map(({ rule }) => rule));
  const others = asks.filter(({ rule }) => !said.has(rule));
  return (
    <Section title="Needs">
      {Object.entries(SORTS).map(([sort, title]) => {
        const own = needs.filter((need) => need.sort === sort);
        if (own.length === 0) return null;
        return (
          <div key={sort}>
            <h3>{title}</h3>
            <ul className={classes['list']}>
              {own.map(({ rule, what, at, met }) => (
                <li key={`${rule} ${at}`}>
                  <Badge tone={met ? 'go' : 'quiet'}>{met ? 'there' : `before it may ${at}`}</Badge> {what}{' '}
                  <code className="quiet">{rule}</code>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      <details className={classes['more']}>
        <summary>{others.length} more rules are asked</summary>
        <ul className={classes['list']}>
          {others.map(({ rule, what }) => (
            <li key={rule}>
              {what} <code className="quiet">{rule}</code>
            </li>
          ))}
        </ul>
      </details>
    </Section>
  );
}
