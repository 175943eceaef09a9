import { expect, test } from 'vitest';
import type { RuleId } from '../../../src/kernel/policy/rule.ts';
import { ask } from '../../kit/policy.ts';

function because(rule: RuleId, base: string, patch: object): string | undefined {
  return ask(base, patch).verdicts.find((one) => one.rule === rule)?.because;
}

const plan = (counts: object) => ({ change: { plan: counts } });
const targets = (count: number, outside: number) => ({
  change: { targets: { count, outside, unproven: 0 } },
});
const slot = (start: string, end: string) => ({ change: { slot: { start, end } } });
const lock = (start: string, end: string) => ({
  locks: [{ id: 'L1', kind: 'hard', environments: ['illumidesk.com'], reason: 'summit', start, end }],
});
const eocs = (...persons: string[]) => ({
  eoc: persons.map((person) => ({ person, start: '2026-11-17T14:00:00Z', end: '2026-11-18T06:00:00Z' })),
});

/** What a rule says, for one and for several, at the edges of time, and where a fact is not known. */
test.each<[RuleId, string, object, string]>([
  ['kind-honest', 'c4-start', plan({ manualSteps: 1 }), 'has 1 manual step.'],
  ['kind-honest', 'c4-start', plan({ manualSteps: 2 }), 'has 2 manual steps.'],
  ['kind-honest', 'c4-start', { change: { downtimeMinutes: 1 } }, 'has 1 minute of downtime.'],
  ['checks-quantified', 'c4-start', plan({ unquantifiedChecks: 1 }), '1 of the plan has none.'],
  ['checks-quantified', 'c4-start', plan({ unquantifiedChecks: 2 }), '2 of the plan have none.'],
  ['no-globs', 'c4-start', plan({ wildcards: 1 }), 'holds 1 unresolved wildcard.'],
  ['targets-in-environment', 'c4-start', targets(2, 1), '1 of 2 is outside.'],
  ['targets-in-environment', 'c4-start', targets(2, 2), '2 of 2 are outside.'],
  ['targets-in-environment', 'c4-start', targets(1, 0), 'Its one target is in the environment.'],
  ['updates-due', 'c1-step', { change: { updatesOverdue: 1 } }, '1 waits for a late update.'],
  ['updates-due', 'c1-step', { change: { updatesOverdue: 2 } }, '2 wait for a late update.'],
  [
    'watched-metrics',
    'c1-step',
    { change: { watched: ['a', 'b'].map((name) => ({ name, verdict: 'fail' })) } },
    'a and b are: roll back.',
  ],
  [
    'review-quorum',
    'c1-schedule',
    { change: { severity: 'S3', approvals: [] } },
    '1 reviewer wanted for S3 maintenance, 0 counted: nobody did.',
  ],
  [
    'review-quorum',
    'c1-schedule',
    { change: { severity: null, approvals: [] } },
    '1 reviewer wanted for maintenance of any severity, 0 counted: nobody did.',
  ],
  [
    'eoc-engaged',
    'c1-start',
    { rota: eocs('carl', 'cora'), change: { eocSeen: null } },
    'carl and cora were not seen.',
  ],
  [
    'eoc-engaged',
    'c1-start',
    { rota: eocs('carl', 'cora'), change: { eocSeen: { person: 'ira' } } },
    'ira was seen, but carl and cora are EOC now.',
  ],
  // A slot that lacks a second is not told as one that is long enough, and no waiting is promised for it.
  [
    'in-slot',
    'c1-schedule',
    slot('2026-11-17T22:00:00Z', '2026-11-17T22:59:59Z'),
    'Steps and rollback need 60 minutes; the slot has 59 minutes and 59 seconds.',
  ],
  [
    'in-slot',
    'c3-start',
    { at: '2026-11-17T14:00:00Z', ...slot('2026-11-17T15:00:00Z', '2026-11-17T15:59:59.999Z') },
    'Steps and rollback need 60 minutes; the slot has 59 minutes and 59.999 seconds.',
  ],
  [
    'in-slot',
    'c3-start',
    { at: '2026-11-17T15:30:01Z' },
    'the last moment to start was 2026-11-17T15:30:00Z, and it is 2026-11-17T15:30:01Z.',
  ],
  [
    'in-slot',
    'c3-start',
    { at: '2026-11-17T16:30:00Z', change: { estimateMinutes: null } },
    'It has to start before its slot ends, at 2026-11-17T16:30:00Z, and it is 2026-11-17T16:30:00Z.',
  ],
  ['in-slot', 'c3-start', { change: { slot: { end: null } } }, 'not known: when the slot ends.'],
  ['in-slot', 'c3-start', { change: { slot: { start: null } } }, 'not known: when the slot starts.'],
  [
    'allowed-hours',
    'c1-schedule',
    slot('2026-11-17T22:00:00Z', '2026-11-18T06:00:01Z'),
    'is not wholly inside, and is longer than they last.',
  ],
  [
    'hard-lock',
    'c4-start',
    lock('2026-11-17T11:30:00Z', '2026-11-17T12:30:00Z'),
    'L1 (summit) from 2026-11-17T11:30:00Z until 2026-11-17T12:30:00Z.',
  ],
  [
    'hard-lock',
    'c4-start',
    lock('2026-11-17T11:00:00Z', '2026-11-17T12:30:00Z'),
    'L1 (summit) until 2026-11-17T12:30:00Z.',
  ],
  // What asks for the approval is named, and not another thing that is so besides.
  [
    'management-approval',
    'c1-schedule',
    { change: { approvals: [] } },
    'The plan has to be approved by management, because it is C1; nobody did.',
  ],
  [
    'director-approval',
    'c1-schedule',
    { change: { approvals: [] } },
    'The plan has to be approved by the director, because it is declared maintenance; nobody did.',
  ],
  [
    'eoc-plan-review',
    'c3-start',
    { change: { procedure: { graduated: null } } },
    'not known: whether its procedure has graduated.',
  ],
  [
    'first-iteration-review',
    'c3-start',
    { change: { procedure: null } },
    'A service change without a procedure has to be reviewed by a reviewer; nobody did.',
  ],
  [
    'first-iteration-review',
    'c3-start',
    { change: { procedure: { successfulRuns: 0 } } },
    'whose procedure, sidekiq-add-nodes, has no successful run that counts has to be reviewed by a reviewer;',
  ],
  ['director-approval', 'c3-start', { change: { kind: null } }, 'counts as maintenance; not known: kind.'],
  ['run-from-bastion', 'c3-start', { host: null }, 'a bastion of illumidesk.com; the host is not known.'],
  ['planner-not-executor', 'c3-start', { change: { executor: null } }, 'not known: who executes it.'],
  // A rota that cannot be read is not one with nobody on it.
  ['eoc-plan-review', 'c3-start', { rota: null }, 'who is on the EOC rota at that time is not known'],
  ['eoc-plan-review', 'c3-start', { rota: null }, 'whether cora is EOC at the start is not known.'],
  ['eoc-engaged', 'c1-step', { rota: null }, 'who is on the EOC rota now is not known.'],
  ['emoc-assigned', 'c1-start', { rota: null }, 'who is on the IMOC rota now is not known.'],
  ['eoc-plan-review', 'c3-start', { rota: { eoc: [] } }, 'nobody is on the EOC rota at that time'],
  [
    'eoc-plan-review',
    'c3-start',
    { change: { plan: { digest: null } } },
    'which version of the plan this is is not known.',
  ],
  ['eoc-plan-review', 'c3-start', { change: { author: null } }, 'who wrote the request is not known.'],
])('%s at %s with %j', (rule, base, patch, text) => {
  expect(because(rule, base, patch)).toContain(text);
});
