import { formatInstant } from '../calendar/instant.ts';
import type { OnDuty } from '../calendar/rota.ts';
import type { Duty, Facts } from './facts.ts';
import { title } from './in-words.ts';

/** What should say who is on call, or what burns, and was not heard lately enough to count. */
export type Unheard = {
  readonly of: Duty | 'incidents' | undefined;
  readonly source: string | undefined;
  /** When it was last heard; `null` for never. */
  readonly at: number | null;
  readonly because: string | null;
  readonly tracker: boolean;
};

/** That nobody is known to be on a rota: it is empty then, or could not be read; and what sets it, where that was not heard. */
export function nobodyIsOn(
  { unheard }: Pick<Facts, 'unheard'>,
  duty: Duty,
  { maybeOthers, when }: Pick<OnDuty, 'maybeOthers'> & { readonly when: 'now' | 'at that time' },
): string {
  const rota = `on the ${title(duty)} rota ${when}`;
  const found = maybeOthers ? `who is ${rota} is not known` : `nobody is ${rota}`;
  return `${found}${whatWasNotHeard(unheard, duty)}`;
}

/** Empty where nothing else sets the rota, or all was heard. */
function whatWasNotHeard(unheard: readonly Unheard[], duty: Duty): string {
  const lost = unheard.filter(({ of }) => of === duty || of === undefined);
  if (lost.length === 0) return '';
  return ` (${lost.map((one) => inWords(one, 'which sets it')).join('; ')}; make it answer, or have an administrator override the rota)`;
}

/** One source in words: what it says, since when it was not heard, and why. */
export function inWords({ source, at, because }: Unheard, does: string): string {
  const since = at === null ? 'was never heard' : `was last heard at ${formatInstant(at)}`;
  return `${source ?? 'a source'}, ${does}, ${since}${because === null ? '' : `: ${because}`}`;
}
