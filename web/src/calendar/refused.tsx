import type { DecisionDocument } from '../../../src/contract/decision.ts';
import { Badge } from '../parts/badge.tsx';
import { Problem } from '../parts/problem.tsx';
import { VERDICT_TONES } from '../parts/tones.ts';
import { ApiError } from '../server/api.ts';

/** Why a slot is refused: the rules that say no, with what they saw. */
export function Refused({ error }: { readonly error: unknown }) {
  const decision =
    error instanceof ApiError ? (error.details['decision'] as DecisionDocument | undefined) : undefined;
  const stops = decision?.verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown') ?? [];
  if (stops.length === 0) return <Problem error={error} />;
  return (
    <div className="notice stop" role="alert">
      <strong>The interlock refuses this slot.</strong>
      <ul>
        {stops.map(({ rule, verdict, because }) => (
          <li key={rule}>
            <Badge tone={VERDICT_TONES[verdict]}>{rule}</Badge> {because}
          </li>
        ))}
      </ul>
    </div>
  );
}
