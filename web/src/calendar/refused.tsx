import type { DecisionDocument } from '../../../src/contract/decision.ts';
import { Problem } from '../parts/problem.tsx';
import { ApiError } from '../server/api.ts';
import { Stops, stopsOf } from './verdict.tsx';

/** Why a slot is refused: the rules that say no, with what they saw. */
export function Refused({ error }: { readonly error: unknown }) {
  const decision =
    error instanceof ApiError ? (error.details['decision'] as DecisionDocument | undefined) : undefined;
  const stops = decision ? stopsOf(decision) : [];
  if (stops.length === 0) return <Problem error={error} />;
  return (
    <div className="notice stop" role="alert">
      <strong>The interlock refuses this slot.</strong>
      <Stops stops={stops} />
    </div>
  );
}
