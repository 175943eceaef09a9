import type { DecisionDocument } from '../../../src/contract/decision.ts';
import { Badge } from '../parts/badge.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { Said } from '../parts/said.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';

/** What the interlock would say to a slot: in one word, then the rules that refuse. */
export function Verdict({ decision }: { readonly decision: DecisionDocument }) {
  const stops = stopsOf(decision);
  return (
    <div aria-label="Verdict" role="group">
      {decision.allowed ? (
        <Badge tone="go">the interlock would accept it</Badge>
      ) : (
        <Badge tone="stop">the interlock would refuse it</Badge>
      )}
      {stops.length > 0 && <Stops stops={stops} />}
    </div>
  );
}

type RuleVerdicts = DecisionDocument['verdicts'];

export function stopsOf({ verdicts }: Pick<DecisionDocument, 'verdicts'>): RuleVerdicts {
  return verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
}

/** Rules that say no, with what they saw. */
export function Stops({ stops }: { readonly stops: RuleVerdicts }) {
  return (
    <ul>
      {stops.map(({ rule, verdict, because }) => (
        <li key={rule}>
          <RuleName rule={rule} tone={VERDICT_TONES[verdict]} /> <Said text={because} />
        </li>
      ))}
    </ul>
  );
}
