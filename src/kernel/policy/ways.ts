import { approversOf, matches, title, whyNot, type Approvers, type Wanted } from './approval.ts';
import type { ApproverRole, Door } from './facts.ts';
import type { Ways } from './policy.ts';
import type { Question } from './question.ts';
import type { Truth } from './truth.ts';

/** An approval that may be had in several ways, for one purpose. */
export type WantedWays = { readonly ways: Ways; readonly for: string; readonly via?: Door };

/** Whether one of the ways is complete: every role of it given, by as many different persons. */
export function isApproved(question: Question, wanted: WantedWays): Truth {
  let best: Truth = false;
  for (const way of wanted.ways) {
    const approved = isComplete(question, way, wanted);
    if (approved === true) return true;
    if (approved === undefined) best = undefined;
  }
  return best;
}

function isComplete(question: Question, way: readonly ApproverRole[], wanted: WantedWays): Truth {
  const approvers = way.map((as) => approversOf(question, wantedAs(wanted, as)));
  if (distinct(approvers.map(({ sure }) => sure))) return true;
  // A role whose rota is empty could be anybody's: it neither proves nor refutes.
  const possible = approvers.filter(({ nobodyOnDuty }) => !nobodyOnDuty).map(allNames);
  return distinct(possible) ? undefined : false;
}

function allNames({ sure, perhaps }: Approvers): readonly string[] {
  return [...sure, ...perhaps];
}

function wantedAs(wanted: WantedWays, as: ApproverRole): Wanted {
  return wanted.via === undefined ? { as, for: wanted.for } : { as, for: wanted.for, via: wanted.via };
}

/** Whether a person can be picked from each list so that nobody is picked twice. */
export function distinct(lists: readonly (readonly string[])[], taken: readonly string[] = []): boolean {
  const [first, ...rest] = lists;
  if (first === undefined) return true;
  return first.some((name) => !taken.includes(name) && distinct(rest, [...taken, name]));
}

/** Everybody who surely gave the approval in any of the roles, once each. */
export function everyApprover(question: Question, wanted: WantedWays): Approvers {
  const found = wanted.ways.flat().map((as) => approversOf(question, wantedAs(wanted, as)));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  return {
    sure: [...new Set(found.flatMap(({ sure }) => sure))].toSorted(),
    perhaps: [...new Set(found.flatMap(({ perhaps }) => perhaps))].toSorted(),
    nobodyOnDuty: found.every(({ nobodyOnDuty }) => nobodyOnDuty),
  };
}

/** What was seen where an approval is lacking: who counts already, and why others do not. */
export function whatWasSeen(question: Question, wanted: WantedWays): string {
  const parts: string[] = [];
  const roles = new Set(wanted.ways.flat());
  for (const as of roles) {
    const one = wantedAs(wanted, as);
    const { sure, nobodyOnDuty } = approversOf(question, one);
    if (sure.length > 0) parts.push(`${listed(sure)} did as ${title(as)}`);
    else if (nobodyOnDuty) parts.push(`nobody is on the ${title(as)} rota at that time`);
    for (const approval of question.change.approvals) {
      if (
        matches(approval, one) === false ||
        (approval.person !== undefined && sure.includes(approval.person))
      )
        continue;
      parts.push(
        `that of ${approval.person ?? 'somebody'} as ${title(as)} does not count, ${whyNot(question, approval, one)}`,
      );
    }
  }
  return parts.length === 0 ? 'nobody did' : parts.join('; ');
}

/** Names as a list in a sentence. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? 'nobody';
  return `${names.slice(0, -1).join(', ')} and ${String(names.at(-1))}`;
}

/** The ways of an approval in words: "EOC and IMOC, or VPE". */
export function waysInWords(ways: Ways): string {
  return ways.map((way) => listed(way.map(title))).join(', or ');
}
