import type { ChangeFacts, Criticality } from './facts.ts';
import type { Policy } from './policy.ts';
import { isLower } from './question.ts';

/** What asks for a criticality: a topic by its name, or `downtime`. */
export type Asking = { readonly what: string; readonly criticality: Criticality };

/** The least criticality that a request may have, and what makes it so. */
export type Floor = {
  readonly criticality: Criticality;
  readonly madeBy: readonly string[];
  /** Topics that the policy does not list: nobody knows what they ask for. */
  readonly unlisted: readonly string[];
};

type Named = Pick<ChangeFacts, 'topics' | 'downtimeMinutes'>;

/** What each topic and a downtime ask for. */
export function asksFor(policy: Policy, { topics, downtimeMinutes }: Named): readonly Asking[] {
  const asking = topics.flatMap((what): Asking[] => {
    const criticality = policy.topics.get(what);
    return criticality === undefined ? [] : [{ what, criticality }];
  });
  return (downtimeMinutes ?? 0) > 0
    ? [...asking, { what: 'downtime', criticality: policy.downtime }]
    : asking;
}

/** The highest that anything asks for; where nothing asks, the lowest there is. */
export function floorOf(policy: Policy, change: Named): Floor {
  const asking = asksFor(policy, change);
  let criticality: Criticality = 'C4';
  for (const one of asking) if (isLower(criticality, one.criticality)) criticality = one.criticality;
  return {
    criticality,
    madeBy: asking.filter((one) => one.criticality === criticality).map(({ what }) => what),
    unlisted: change.topics.filter((topic) => !policy.topics.has(topic)),
  };
}
