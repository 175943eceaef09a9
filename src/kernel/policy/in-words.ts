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

/** Ways of approval with their words: "EOC and IMOC, or VPE". */
export function waysOf(any: Ways['any']): Ways {
  return { any, inWords: any.map((way) => listed(way.map(title))).join(', or ') };
}
