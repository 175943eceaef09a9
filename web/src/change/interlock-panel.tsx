import { useQuery } from '@tanstack/react-query';
import type { StoredDecision } from '../../../src/contract/change-lists.ts';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { DecisionDocument } from '../../../src/contract/decision.ts';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Fold } from '../parts/fold.tsx';
import { Away, Countdown, Instant } from '../parts/instant.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { Said } from '../parts/said.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { api } from '../server/api.ts';
import { useNow } from '../server/clock.ts';
import { ActHere } from './act-here.tsx';
import classes from './interlock-panel.module.css';

type Verdict = DecisionDocument['verdicts'][number];
type Needs = ChangeView['needs'];

/** What refuses comes first: it is what the reader came for. */
const ORDER: Readonly<Record<Verdict['verdict'], number>> = {
  deny: 0,
  unknown: 1,
  warn: 2,
  excepted: 3,
  pass: 4,
};

/** The interlock: every rule with its verdict, what it saw, what it wants, and when time alone clears it. */
export function InterlockPanel({ view }: { readonly view: ChangeView }) {
  if (view.verdict === null) return <LastDecision id={view.id} state={view.state} />;
  return (
    <Panel action={view.verdict.action} decision={view.verdict.decision} needs={view.needs} view={view} />
  );
}

/** Of a change that has come to its end: what was decided last, with what it rested on. */
function LastDecision({ id, state }: { readonly id: string; readonly state: string }) {
  const stored = useQuery({
    queryKey: ['change', id, 'decisions'],
    queryFn: () =>
      api<{ decisions: StoredDecision[] }>(`/changes/${encodeURIComponent(id)}/decisions?limit=1`),
  });
  const last = stored.data?.decisions[0];
  if (!last) return <Empty title={`This change has come to its end: ${state}.`} />;
  return (
    <>
      <p className="quiet">
        This change has come to its end: {state}. What was decided last, <Away at={last.at} />:
      </p>
      <Panel action={last.action} decision={last.decision} needs={[]} />
    </>
  );
}

interface PanelProps {
  readonly action: string;
  readonly decision: DecisionDocument;
  readonly needs: Needs;
  /** The request, where something can still be done about it. */
  readonly view?: ChangeView;
}

function Panel({ action, decision, needs, view }: PanelProps) {
  const verdicts = decision.verdicts.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
  const passing = verdicts.filter(({ verdict }) => verdict === 'pass');
  const others = verdicts.filter(({ verdict }) => verdict !== 'pass');
  return (
    <section aria-label="The interlock" className={classes['panel']}>
      <div className={classes['answer']} data-word={decision.allowed ? 'go' : 'stop'}>
        <strong>
          To {action}: {decision.allowed ? 'allowed' : 'refused'}
        </strong>
        {!decision.allowed && decision.nextOpening !== null && <Opening at={decision.nextOpening} />}
      </div>
      <Verdicts title="What stands in the way or warns" verdicts={others} needs={needs} view={view} />
      {passing.length > 0 && (
        <div className={classes['passing']}>
          <Fold title={`${passing.length} rules pass`}>
            {() => <Verdicts title="What passes" verdicts={passing} needs={needs} />}
          </Fold>
        </div>
      )}
    </section>
  );
}

/** When time alone would let it; of one that has come the rules below say what else is wanted. */
function Opening({ at }: { readonly at: string }) {
  const nowMs = useNow(10);
  if (Date.parse(at) <= nowMs) return <span>Hours, locks and slot would let it</span>;
  return (
    <span>
      Hours, locks and slot open in <Countdown until={at} />, <Instant at={at} />
    </span>
  );
}

interface VerdictsProps {
  readonly title: string;
  readonly verdicts: readonly Verdict[];
  readonly needs: Needs;
  readonly view?: ChangeView | undefined;
}

function Verdicts({ title, verdicts, needs, view }: VerdictsProps) {
  if (verdicts.length === 0) return null;
  return (
    <table aria-label={title} className={classes['verdicts']}>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">What it saw</th>
          <th scope="col">What it wants</th>
        </tr>
      </thead>
      <tbody>
        {verdicts.map((one) => (
          <tr key={one.rule}>
            <td>
              <Badge tone={VERDICT_TONES[one.verdict]}>{one.verdict}</Badge>
              <br />
              <RuleName rule={one.rule} />
            </td>
            <td>
              <Said text={one.because} />
              {one.clearsAt !== undefined && (
                <p className={classes['clears']}>
                  Clears in <Countdown until={one.clearsAt} />, <Instant at={one.clearsAt} />
                </p>
              )}
            </td>
            <td>
              <Wants rule={one.rule} needs={needs} />
              {view && <ActHere view={view} needs={needs.filter(({ rule }) => rule === one.rule)} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Wants({ rule: wanted, needs }: { readonly rule: string; readonly needs: Needs }) {
  return needs
    .filter(({ rule }) => rule === wanted)
    .map(({ what, at, met }) => (
      <p key={`${what} ${at}`} className={classes['need']}>
        <span aria-hidden="true">{met ? '✓' : '○'}</span> <Said text={what.replace(/\.$/, '')} />, before it
        may {at}
        {met && ' (there)'}
      </p>
    ));
}
