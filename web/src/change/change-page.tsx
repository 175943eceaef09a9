import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { StoredDecision } from '../../../src/contract/change-lists.ts';
import type { ChangeView } from '../../../src/contract/changes.ts';
import { api } from '../server/api.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { askChange } from '../server/questions.ts';
import { Instant } from '../parts/instant.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

/** One request: what it is, what the interlock says of its next act, who said yes, and its plan. */
export function ChangePage() {
  const { id } = useParams({ from: '/changes/$id' });
  const change = useQuery(askChange(id));
  return <Answered query={change}>{(view) => <Change view={view} />}</Answered>;
}

function Change({ view }: { readonly view: ChangeView }) {
  return (
    <Page title={`${view.id} ${view.title}`} tab={view.id}>
      <Header view={view} />
      <h2>The interlock</h2>
      {view.verdict ? (
        <VerdictPanel action={view.verdict.action} decision={view.verdict.decision} />
      ) : (
        <LastDecision id={view.id} state={view.state} />
      )}
      <h2>Approvals</h2>
      <Approvals approvals={view.approvals} />
      <h2>Plan</h2>
      <Findings findings={view.findings} />
      <pre className="panel wide">{view.planText}</pre>
    </Page>
  );
}

/** Of a change that has come to its end: what was decided last, with what it rested on. */
function LastDecision({ id, state }: { readonly id: string; readonly state: string }) {
  const stored = useQuery({
    queryKey: ['decisions', id],
    queryFn: () =>
      api<{ decisions: StoredDecision[] }>(`/changes/${encodeURIComponent(id)}/decisions?limit=1`),
  });
  const last = stored.data?.decisions[0];
  return (
    <>
      <p>This change has come to its end: {state}.</p>
      {last && <VerdictPanel action={last.action} decision={last.decision} />}
    </>
  );
}

function Header({ view }: { readonly view: ChangeView }) {
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    ['State', view.state],
    ['Environment', `${view.environment}, services ${view.services.join(', ')}`],
    ['Ceremony', `${view.criticality}, severity ${view.severity}, ${view.kind}`],
    ['People', `author ${view.author}, executor ${view.executor}`],
    ['Slot', <SlotText key="slot" slot={view.slot} />],
    ['Digest', <code key="digest">{view.digest}</code>],
  ];
  return (
    <dl className="panel">
      {rows.map(([name, value]) => (
        <div className="row" key={name}>
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
      <Instant at={slot.start} /> to <Instant at={slot.end} />, {slot.accepted ? 'accepted' : 'tentative'}
    </>
  );
}

function Approvals({ approvals }: { readonly approvals: ChangeView['approvals'] }) {
  if (approvals.length === 0) return <p>Nobody has approved anything yet.</p>;
  return (
    <ul className="panel plain">
      {approvals.map((one) => (
        <li key={one.id} className={one.current ? '' : 'quiet'}>
          <strong>{one.person}</strong> as {one.as} for {one.for}, by {one.via}, <Instant at={one.at} />
          {!one.current && (one.withdrawnAt === null ? ': given for an earlier plan' : ': withdrawn')}
        </li>
      ))}
    </ul>
  );
}

function Findings({ findings }: { readonly findings: ChangeView['findings'] }) {
  if (findings.length === 0) return <p className="quiet">The linter finds nothing.</p>;
  return (
    <ul className="panel plain">
      {findings.map((one) => (
        <li key={`${one.rule} ${one.line}:${one.column} ${one.message}`}>
          <code>
            {one.line}:{one.column}
          </code>{' '}
          <code className={`verdict ${one.level === 'error' ? 'deny' : 'warn'}`}>{one.rule}</code>{' '}
          {one.message} <span className="quiet">{one.fix}</span>
        </li>
      ))}
    </ul>
  );
}
