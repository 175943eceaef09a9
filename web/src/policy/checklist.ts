import type { NowAnswer } from '../../../src/contract/gate.ts';
import type { PolicyChecklist } from '../../../src/contract/policy-checklist.ts';
import type { Action } from '../../../src/kernel/policy/rule.ts';

export type Rule = PolicyChecklist['rules'][number];
export type Said = NowAnswer['environments'][number]['answers'][number]['verdicts'][number];

/** The moments in the order in which somebody comes to them. */
const MOMENTS: readonly (readonly [Action, string])[] = [
  ['schedule', 'To take a slot'],
  ['start', 'To start'],
  ['step', 'Before every step'],
  ['complete', 'To complete'],
];

export interface Moment {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** Each rule that is asked, once, under the first moment that asks it; what repeats is still asked later. */
export function momentsOf(rules: readonly Rule[]): readonly Moment[] {
  const asked = rules.filter(({ level, asked: texts }) => level !== 'off' && texts.length > 0);
  return MOMENTS.map(([action, title], place) => {
    const earlier = MOMENTS.slice(0, place).map(([one]) => one);
    return {
      title,
      rules: asked.filter(({ at }) => at.includes(action) && !earlier.some((one) => at.includes(one))),
    };
  }).filter(({ rules: some }) => some.length > 0);
}

/** The rules that nobody is asked: those that are off, and those that ask nothing of this kind of change. */
export function notAsked(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ level, asked }) => level === 'off' || asked.length === 0);
}

/** What a rule asks, each text once with the criticalities that it is asked of. */
export function textsOf({
  asked,
}: Rule): readonly { readonly what: string; readonly of: readonly string[] }[] {
  return [...Map.groupBy(asked, ({ what }) => what)].map(([what, same]) => ({
    what,
    of: same.map(({ criticality }) => criticality),
  }));
}

/** What stands against each criticality at this instant by one rule, in the operational environments; nothing where nothing does. */
export function saidNow(
  rule: Rule,
  { environments }: NowAnswer,
): readonly (Said & { readonly environment: string; readonly criticality: string })[] {
  return environments
    .filter(({ operational }) => operational)
    .flatMap(({ name, answers }) =>
      answers.flatMap(({ criticality, verdicts }) =>
        verdicts
          .filter((verdict) => verdict.rule === rule.rule)
          .map((verdict) => ({ ...verdict, environment: name, criticality })),
      ),
    );
}
