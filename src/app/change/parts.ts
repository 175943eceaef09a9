import type { changedParts } from '../../plan/digest.ts';

/** The digest of a stored revision with those of its parts. */
export function partsOf({
  digest,
  parts,
}: {
  readonly digest: string;
  readonly parts: Readonly<Record<string, string>>;
}): Parameters<typeof changedParts>[0] {
  // Both were written by `digestPlan`.
  return { digest, parts } as Parameters<typeof changedParts>[0];
}
