import { MINUTE_MS } from '../calendar/hours.ts';
import type { ApproverRole, Duty } from './facts.ts';
import type { Ways } from './policy.ts';

/** A role as people say it. */
export function title(role: ApproverRole | Duty): string {
  return role === 'reviewer' || role === 'management' || role === 'director' ? role : role.toUpperCase();
}

/** Names as a list in a sentence. */
export function listed(names: readonly string[]): string {
  let text = names[0] ?? 'nobody';
  const last = names.length - 1;
  for (let index = 1; index <= last; index += 1) text += `${index === last ? ' and ' : ', '}${names[index]}`;
  return text;
}

/** Ways of approval with their words: "the EOC and the IMOC, or the VPE". */
export function waysOf(any: Ways['any']): Ways {
  return { any, inWords: any.map((way) => listed(way.map(giver))).join(', or ') };
}

/** A role as the one who gives an approval: there are several reviewers, and one of each of the others at a time. */
function giver(role: ApproverRole): string {
  if (role === 'management') return title(role);
  return `${role === 'reviewer' ? 'a' : 'the'} ${title(role)}`;
}

/** A number with its noun: "1 step", "2 steps". */
export function numberOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many are so: "1 is", "2 are". */
export function are(count: number): 'is' | 'are' {
  return count === 1 ? 'is' : 'are';
}

/** A length of time, exact to the millisecond: what is short by a second must not read as if it were enough. */
export function lengthInWords(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  const rest = ms - minutes * MINUTE_MS;
  if (rest === 0) return numberOf(minutes, 'minute');
  const seconds = numberOf(rest / 1_000, 'second');
  return minutes === 0 ? seconds : `${numberOf(minutes, 'minute')} and ${seconds}`;
}
