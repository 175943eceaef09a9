import type { FactsDocument } from '../contract/facts.ts';

type Change = NonNullable<FactsDocument['change']>;
type Links = ReadonlyMap<string, string>;

/**
 * The same facts, of humans instead of accounts: whoever has several of them is one reviewer of a quorum, and the author under
 * every name. The rules need not know that such people exist.
 */
export function inHumans(facts: FactsDocument, links: Links): FactsDocument {
  if (links.size === 0) return facts;
  const human = humanBy(links);
  return {
    ...facts,
    actor: human(facts.actor),
    people: rolesOfHumans(facts.people, human),
    rota: facts.rota && {
      eoc: facts.rota.eoc?.map((shift) => ({ ...shift, person: human(shift.person) })),
      imoc: facts.rota.imoc?.map((shift) => ({ ...shift, person: human(shift.person) })),
      cmoc: facts.rota.cmoc?.map((shift) => ({ ...shift, person: human(shift.person) })),
    },
    vetoes: facts.vetoes?.map((veto) => ({ ...veto, by: human(veto.by) })),
    change: facts.change && changeOfHumans(facts.change, human),
  };
}

type HumanOf = <T extends string | null | undefined>(account: T) => T | string;

function humanBy(links: Links): HumanOf {
  return (account) => (typeof account === 'string' ? (links.get(account) ?? account) : account);
}

function changeOfHumans(change: Change, human: HumanOf): Change {
  return {
    ...change,
    author: human(change.author),
    authorIsBotOf: human(change.authorIsBotOf),
    executor: human(change.executor),
    emoc: human(change.emoc),
    cmoc: human(change.cmoc),
    team: change.team?.map((member) => human(member)),
    approvals: change.approvals?.map((approval) => ({ ...approval, person: human(approval.person) })),
    exceptions: change.exceptions?.map((exception) => ({
      ...exception,
      by: human(exception.by),
      approvedBy: human(exception.approvedBy),
    })),
    eocSeen: change.eocSeen && { ...change.eocSeen, person: human(change.eocSeen.person) },
  };
}

/** What any account of theirs may, they may. */
function rolesOfHumans(people: FactsDocument['people'], human: HumanOf): FactsDocument['people'] {
  if (people === undefined) return undefined;
  const roles: NonNullable<FactsDocument['people']> = {};
  for (const [account, held] of Object.entries(people)) {
    const who = human(account);
    roles[who] = [...new Set([...(roles[who] ?? []), ...held])].toSorted();
  }
  return roles;
}
