import type { Seen, Taken } from '../../app/ports/connection.ts';
import type { Places } from './places.ts';

/**
 * Whether a tracker would take issues of ours in every place that the file names: one that is mistyped, archived, or closed to our account is
 * seen before somebody needs it. `whyNot` gives what stands against a place, as the tracker says; `null` where nothing does.
 */
export async function takesIssues(
  { all }: Places,
  who: Promise<Seen<string>>,
  whyNot: (place: string) => Promise<Seen<string | null>>,
): Promise<Taken> {
  const us = await who;
  if (us.kind !== 'seen') return us;
  const places = await Promise.all(all.map(async (place) => ({ place, seen: await whyNot(place) })));
  for (const { place, seen } of places) {
    if (seen.kind !== 'seen') return { ...seen, because: `\`${place}\`: ${seen.because}` };
    if (seen.found !== null)
      return {
        kind: 'refused',
        because: `expected \`${place}\` to take issues of \`${us.found}\`, got ${seen.found}`,
      };
  }
  return { kind: 'taken', receipt: `\`${us.found}\` in ${all.join(', ')}` };
}
