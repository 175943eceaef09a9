import { approversOf, dutyAsked, type Approvers } from './approval.ts';
import { flawsOfApprovals } from './approval-flaw.ts';
import type { ApproverRole, Door } from './facts.ts';
import { deny, pass, unknown, type Finding } from './finding.ts';
import { listed, title } from './in-words.ts';
import type { Ways } from './policy.ts';
import type { Question } from './question.ts';
import type { Truth } from './truth.ts';
import { nobodyIsOn } from './unheard.ts';

/** An approval that may be had in several ways, for one purpose. */
export type WantedWays = { readonly ways: Ways; readonly for: string; readonly via?: Door };

/** Whether an approval is there in one of its ways, and who gave it. */
export type Approved = { readonly approved: Truth; readonly by: readonly string[] };

const NOT_APPROVED: Approved = { approved: false, by: [] };

/** Looks for one way that is complete: every role of it given, by as many different persons. */
export function approval(question: Question, wanted: WantedWays): Approved {
  let best = NOT_APPROVED;
  for (const way of wanted.ways.any) {
    const found =
      way.length === 1 ? byOne(question, way[0] as ApproverRole, wanted) : byAll(question, way, wanted);
    if (found.approved === true) return found;
    if (found.approved === undefined) best = found;
  }
  return best;
}

function byOne(question: Question, as: ApproverRole, { for: purpose, via }: WantedWays): Approved {
  const { sure, perhaps, nobodyOnDuty } = approversOf(question, { as, for: purpose, via });
  if (sure.length > 0) return { approved: true, by: sure };
  return { approved: perhaps.length > 0 || nobodyOnDuty ? undefined : false, by: sure };
}

function byAll(
  question: Question,
  way: readonly ApproverRole[],
  { for: purpose, via }: WantedWays,
): Approved {
  const approvers = way.map((as) => approversOf(question, { as, for: purpose, via }));
  const by = [...new Set(approvers.flatMap(({ sure }) => sure))].toSorted();
  if (canEachBeAnother(approvers.map(({ sure }) => sure))) return { approved: true, by };
  // A role whose rota is empty could be anybody's: it neither proves nor refutes.
  const possible = approvers.filter(({ nobodyOnDuty }) => !nobodyOnDuty).map(allNames);
  return { approved: canEachBeAnother(possible) ? undefined : false, by };
}

function allNames({ sure, perhaps }: Approvers): readonly string[] {
  return [...sure, ...perhaps];
}

/** Whether a person can be picked from each list so that nobody is picked twice. */
export function canEachBeAnother(
  lists: readonly (readonly string[])[],
  taken: readonly string[] = [],
): boolean {
  const [first, ...rest] = lists;
  if (first === undefined) return true;
  return first.some((name) => !taken.includes(name) && canEachBeAnother(rest, [...taken, name]));
}

/** Everybody who gave the approval in any of the roles, once each: for a quorum. */
export function everyApprover(question: Question, { ways, for: purpose, via }: WantedWays): Approvers {
  const [only] = ways.any;
  if (ways.any.length === 1 && only?.length === 1) {
    return approversOf(question, { as: only[0] as ApproverRole, for: purpose, via });
  }
  const found = [...new Set(ways.any.flat())].map((as) => approversOf(question, { as, for: purpose, via }));
  return {
    sure: [...new Set(found.flatMap(({ sure }) => sure))].toSorted(),
    perhaps: [...new Set(found.flatMap(({ perhaps }) => perhaps))].toSorted(),
    nobodyOnDuty: found.every(({ nobodyOnDuty }) => nobodyOnDuty),
  };
}

/** The finding of a rule that is about one approval: `needs` begins the sentence when it is lacking. */
export function judgeApproval(
  question: Question,
  wanted: WantedWays,
  words: { readonly given: string; readonly needs: string },
): Finding {
  const { approved, by } = approval(question, wanted);
  if (approved === true) return pass(`${words.given}: ${listed(by)}.`);
  const because = `${words.needs}; ${whatWasSeen(question, wanted)}.`;
  return approved === false ? deny(because) : unknown(because);
}

/** What was seen where an approval is lacking: who counts already, and why others do not. */
export function whatWasSeen(question: Question, { ways, for: purpose, via }: WantedWays): string {
  const parts = [...new Set(ways.any.flat())].flatMap((as) => {
    const wanted = { as, for: purpose, via };
    const { sure, nobodyOnDuty } = approversOf(question, wanted);
    const flaws = flawsOfApprovals(question, wanted, sure);
    if (sure.length > 0) return [`${listed(sure)} did as ${title(as)}`, ...flaws];
    if (!nobodyOnDuty) return flaws;
    const asked = dutyAsked(question, wanted);
    if (asked === null) return flaws;
    const { maybeOthers } = asked.onDuty;
    return [nobodyIsOn(question.facts, asked.duty, { maybeOthers, when: 'at that time' }), ...flaws];
  });
  return parts.length === 0 ? 'nobody did' : parts.join('; ');
}
