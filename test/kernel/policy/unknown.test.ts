import { expect, test } from 'vitest';
import { decide } from '../../../src/kernel/policy/decide.ts';
import type { Facts } from '../../../src/kernel/policy/facts.ts';
import { RULES } from '../../../src/kernel/policy/rule.ts';
import { ask, factsDocument, factsOf, illumidesk, verdictOf } from '../../kit/policy.ts';

const noPlan = (field: string) => ({ change: { plan: { [field]: null } } });

/** For every rule that needs a fact: where it has all it needs, and what is taken from it. */
const NEEDS = [
  ['environment-known', 'c1-start', { change: { environment: null } }],
  ['criticality-floor', 'c1-start', { change: { criticality: null } }],
  ['criticality-floor', 'c1-start', { change: { downtimeMinutes: null } }],
  ['kind-honest', 'c2-start', { change: { kind: null } }],
  ['kind-honest', 'c2-start', noPlan('manualSteps')],
  ['plan-complete', 'c1-start', noPlan('complete')],
  ['preflight-present', 'c1-start', noPlan('preflightChecks')],
  ['postcheck-present', 'c1-start', noPlan('postChecks')],
  ['checks-quantified', 'c1-start', noPlan('unquantifiedChecks')],
  ['no-globs', 'c1-start', noPlan('wildcards')],
  ['dry-run-attached', 'c1-start', noPlan('scriptSteps')],
  ['dry-run-attached', 'c1-start', { change: { dryRun: { at: null } } }],
  ['dry-run-attached', 'c1-start', { change: { dryRun: { ok: null } } }],
  ['dry-run-attached', 'c1-start', { change: { dryRun: { digest: null } } }],
  ['dry-run-unchanged', 'c1-start', noPlan('scriptSteps')],
  ['targets-in-environment', 'c1-start', { change: { targets: { outside: null } } }],
  ['targets-in-environment', 'c1-start', { change: { targets: { unproven: null } } }],
  ['targets-in-environment', 'c1-start', { change: { targets: { count: null } } }],
  ['director-approval', 'c1-start', { people: null }],
  ['director-approval', 'c1-start', noPlan('digest')],
  ['director-approval', 'c3-start', { change: { severity: null } }],
  ['management-approval', 'c1-start', { change: { criticality: null } }],
  ['management-approval', 'c1-start', { change: { author: null } }],
  ['review-quorum', 'c1-start', { people: null }],
  ['review-quorum', 'c1-start', { change: { severity: null } }],
  ['first-iteration-review', 'c3-start', { change: { procedure: { successfulRuns: null } } }],
  ['eoc-plan-review', 'c3-start', { rota: null }],
  ['eoc-plan-review', 'c3-start', { change: { slot: { start: null } } }],
  ['due-date', 'c3-start', { change: { slot: { end: null } } }],
  ['on-calendar', 'c2-start', { change: { onCalendar: null } }],
  ['allowed-hours', 'c2-start', { change: { rollbackMinutes: null } }],
  ['allowed-hours', 'c1-schedule', { change: { slot: { end: null } } }],
  ['in-slot', 'c3-start', { change: { estimateMinutes: null } }],
  ['in-slot', 'c1-schedule', { change: { slot: { start: null } } }],
  ['soft-lock', 'c2-start', { change: { environment: null } }],
  ['soft-lock', 'c3-start', { change: { criticality: null } }],
  ['hard-lock', 'c3-start', { change: { estimateMinutes: null } }],
  ['announced', 'c2-start', { change: { criticality: null } }],
  ['eoc-written-issue', 'c2-start', { rota: { eoc: null } }],
  ['eoc-written-chat', 'c2-start', { rota: null }],
  ['eoc-verbal', 'c1-start', { rota: null }],
  ['eoc-engaged', 'c1-start', { rota: { eoc: null } }],
  ['eoc-engaged', 'c1-start', { change: { eocSeen: { at: null } } }],
  ['eoc-engaged', 'c1-step', { change: { eocSeen: { person: null } } }],
  ['emoc-assigned', 'c1-start', { rota: { imoc: null } }],
  ['emoc-assigned', 'c2-start', { change: { executor: null } }],
  ['emoc-assigned', 'c2-start', { change: { severity: null } }],
  ['cmoc-assigned', 'c1-start', { rota: null }],
  ['bridge-open', 'c1-start', { change: { severity: null } }],
  ['no-active-incident', 'c3-start', { incidents: [{ id: 'INC-1', severity: 'S4' }] }],
  ['metrics-available', 'c3-start', { monitoring: null }],
  ['exclusive', 'c3-start', { change: { severity: null } }],
  ['exclusive', 'c3-start', { running: [{ id: 'CHG-40' }] }],
  ['awareness', 'c3-start', { change: { severity: null } }],
  ['eoc-veto', 'c3-start', { vetoes: [{ by: 'cora', at: '2026-11-17T15:00:00Z' }] }],
  ['eoc-veto', 'c3-start', { vetoes: [{ by: 'cora', change: '*' }] }],
  ['eoc-veto', 'c3-start', { vetoes: [{ by: 'cora', change: '*', liftedAt: '2026-11-17T15:00:00Z' }] }],
  ['eoc-veto', 'c1-rollback', { vetoes: [{ by: 'cora', change: '*', stopsRollback: true }] }],
  ['run-from-bastion', 'c3-start', { host: null }],
  ['run-from-bastion', 'c3-start', { host: { role: null } }],
  ['run-from-bastion', 'c1-rollback', { host: { role: null } }],
  ['in-multiplexer', 'c4-start', { host: { role: null } }],
  ['preflight-passed', 'c1-step', { change: { preflights: null } }],
  ['preflight-passed', 'c1-step', noPlan('preflightChecks')],
  ['watched-metrics', 'c1-step', { change: { watched: [{ name: 'error ratio' }] } }],
  ['postchecks-passed', 'c1-complete', { change: { postchecks: null } }],
  ['handoff-written', 'c1-complete', { change: { handoff: { state: null } } }],
] as const;

test.each(NEEDS)('%s at %s does not know without %j', (rule, base, patch) => {
  expect(verdictOf(ask(base), rule)).not.toBe('unknown');
  expect(verdictOf(ask(base, patch), rule)).toBe('unknown');
});

/** What is wrong whatever the missing fact is: `rule`, `base`, `patch`, and the missing fact among it. */
const WRONG_ANYWAY = [
  ['review-quorum', 'c1-schedule', { change: { severity: null, approvals: [] } }],
  ['emoc-assigned', 'c1-start', { change: { severity: null, emoc: 'ivan' } }],
  ['emoc-assigned', 'c3-start', { change: { severity: null, emoc: 'zoe', procedure: { graduated: true } } }],
  [
    'in-slot',
    'c1-schedule',
    { at: '2026-11-17T23:30:00Z', change: { slot: { start: null, end: '2026-11-17T23:30:00Z' } } },
  ],
] as const;

test.each(WRONG_ANYWAY)('%s at %s denies with %j, whatever it does not know', (rule, base, patch) => {
  expect(verdictOf(ask(base, patch), rule)).toBe('deny');
});

test('every rule that can be unknown is in this table or only advises', () => {
  const advice = ['planner-not-executor', 'updates-due', 'overrun'];
  // These two need a lock and a word of the EOC, which the cases give them.
  const coordination = ['eoc-coordination', 'release-coordination'];
  const covered = new Set<string>([...NEEDS.map(([rule]) => rule), ...advice, ...coordination]);
  expect(RULES.filter((rule) => !covered.has(rule))).toEqual([]);
});

test('a rule that cannot be evaluated refuses, and the others answer', () => {
  const facts = factsOf(factsDocument('c3-start'));
  const broken: Facts = {
    ...facts,
    get vetoes(): never {
      throw new Error('vetoes are broken');
    },
  };
  const decision = decide(illumidesk, broken);
  expect(decision.allowed).toBe(false);
  expect(decision.verdicts.filter(({ verdict }) => verdict === 'unknown')).toEqual([
    { rule: 'eoc-veto', verdict: 'unknown', because: 'The rule could not be evaluated: vetoes are broken.' },
  ]);
});

test('a question that cannot be evaluated at all is refused by every rule', () => {
  const facts = { ...factsOf(factsDocument('c3-start')), change: null } as unknown as Facts;
  const decision = decide(illumidesk, facts);
  expect(decision).toMatchObject({ allowed: false, nextOpening: null });
  expect(new Set(decision.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
});
