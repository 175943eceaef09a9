import type { NowAnswer } from '../../../src/contract/gate.ts';

type Environment = NowAnswer['environments'][number];
type Verdict = Environment['answers'][number]['verdicts'][number];

/** What is asked of an environment: a criticality, or a stage of a deployment. */
export interface Signal {
  readonly name: string;
  readonly allowed: boolean;
  readonly verdicts: readonly Verdict[];
  readonly nextOpening: string | null;
}

/** Why something is stopped: one rule, whom it concerns, what it says. */
export interface Reason {
  readonly rule: string;
  readonly verdict: Verdict['verdict'];
  readonly concerns: readonly string[];
  readonly texts: readonly string[];
}

/** The signals of an environment in their order: the criticalities, then the stages of a deployment. */
export function signalsOf({ answers, deployments }: Environment): readonly Signal[] {
  return [
    ...answers.map(({ criticality, ...rest }) => ({ name: criticality, ...rest })),
    ...deployments.map(({ stage, ...rest }) => ({ name: stage, ...rest })),
  ];
}

const ORDER: Readonly<Record<Verdict['verdict'], number>> = {
  deny: 0,
  unknown: 1,
  warn: 2,
  excepted: 3,
  pass: 4,
};

/** Every rule that says something, once, with all that it concerns; what refuses comes first. */
export function reasonsOf(signals: readonly Signal[]): readonly Reason[] {
  const byRule = Map.groupBy(
    signals.flatMap(({ name, verdicts }) => verdicts.map((verdict) => ({ name, ...verdict }))),
    ({ rule }) => rule,
  );
  return [...byRule]
    .map(([rule, said]) => {
      const worst = said.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict])[0];
      const texts = Map.groupBy(said, ({ because }) => withoutInstants(because));
      return {
        rule,
        verdict: worst?.verdict ?? 'unknown',
        concerns: said.map(({ name }) => name),
        texts: [...texts.values()].map((same) => same[0]?.because ?? ''),
      };
    })
    .toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
}

/** Each signal is asked a moment after the one before: that alone makes no other reason of it. */
function withoutInstants(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '').replaceAll(/\bC[1-4]\b/g, '');
}
