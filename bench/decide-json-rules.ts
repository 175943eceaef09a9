import { Engine } from 'json-rules-engine';
import { TEN_FACTS } from './decide-cedar.ts';

type Test = { readonly fact: keyof typeof TEN_FACTS; readonly operator: string; readonly value: unknown };

/** The same ten rules: each refuses when all its tests hold. */
const REFUSALS: readonly { readonly rule: string; readonly all: readonly Test[] }[] = [
  { rule: 'environment-known', all: [{ fact: 'environmentKnown', operator: 'equal', value: false }] },
  {
    rule: 'criticality-floor',
    all: [{ fact: 'criticality', operator: 'greaterThan', value: { fact: 'floor' } }],
  },
  {
    rule: 'allowed-hours',
    all: [
      { fact: 'criticality', operator: 'lessThanInclusive', value: 2 },
      { fact: 'hour', operator: 'greaterThanInclusive', value: 6 },
      { fact: 'hour', operator: 'lessThan', value: 22 },
    ],
  },
  {
    rule: 'soft-lock',
    all: [
      { fact: 'criticality', operator: 'lessThanInclusive', value: 2 },
      { fact: 'softLocks', operator: 'greaterThan', value: 0 },
    ],
  },
  { rule: 'hard-lock', all: [{ fact: 'hardLocks', operator: 'greaterThan', value: 0 }] },
  {
    rule: 'announced',
    all: [
      { fact: 'criticality', operator: 'lessThanInclusive', value: 2 },
      { fact: 'announced', operator: 'equal', value: false },
    ],
  },
  {
    rule: 'review-quorum',
    all: [
      { fact: 'kind', operator: 'equal', value: 'maintenance' },
      { fact: 'reviewers', operator: 'lessThan', value: 3 },
    ],
  },
  { rule: 'no-active-incident', all: [{ fact: 'activeIncidents', operator: 'greaterThan', value: 0 }] },
  { rule: 'metrics-available', all: [{ fact: 'prometheus', operator: 'notEqual', value: 'pass' }] },
  { rule: 'run-from-bastion', all: [{ fact: 'host', operator: 'notEqual', value: 'bastion' }] },
];

/** Prepares a run of json-rules-engine over ten comparable rules. */
export function jsonRulesCall(): () => Promise<void> {
  const engine = new Engine();
  for (const { rule, all } of REFUSALS) {
    engine.addRule({ conditions: { all: [...all] }, event: { type: rule } });
  }
  return async () => {
    const { events } = await engine.run(TEN_FACTS);
    if (events.length > 0) throw new Error(`expected no rule to refuse, got \`${JSON.stringify(events)}\``);
  };
}
