import type { UseMutationResult } from '@tanstack/react-query';
import { Badge } from '../parts/badge.tsx';
import { Problem } from '../parts/problem.tsx';
import { Said } from '../parts/said.tsx';
import type { Found } from './verify.ts';

/** What this browser found, in words. */
export function FoundNotice({
  verifying: { data, error, isError },
}: {
  readonly verifying: UseMutationResult<Found, Error, void>;
}) {
  if (isError) return <Problem error={error} />;
  if (data === undefined) return null;
  return data.ok ? (
    <p className="notice" role="status">
      <Badge tone="go">proven here</Badge> <Said text={data.text} />
    </p>
  ) : (
    <p className="notice stop" role="alert">
      <strong>This does not hold.</strong> <Said text={data.because} />
    </p>
  );
}
