import * as fc from 'fast-check';
import type { FactsDocument } from '../../src/contract/facts.ts';
import { formatInstant } from '../../src/kernel/calendar/instant.ts';
import { RULES } from '../../src/kernel/policy/rule.ts';
import { baseNames, factsDocument } from './policy.ts';

const people = [
  'ana',
  'ben',
  'rhea',
  'rolf',
  'ruth',
  'mona',
  'dirk',
  'vera',
  'carl',
  'cora',
  'ira',
  'ivan',
  'cleo',
];
const person = fc.constantFrom(...people);
const around = Date.UTC(2026, 10, 17, 22, 10);
/** Minutes around the time of the bases; many coincide, so that edges are met. */
export const nearInstant = fc
  .oneof(fc.integer({ min: -600, max: 600 }), fc.integer({ min: -12_000, max: 12_000 }))
  .map((minutes) => formatInstant(around + minutes * 60_000));
const severity = fc.constantFrom('S1', 'S2', 'S3', 'S4');
const verdict = fc.constantFrom('pass', 'fail', 'unknown');
const environment = fc.constantFrom('illumidesk.com', 'ops.illumidesk.net');
const outcomes = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), verdict }), {
  maxLength: 4,
});

function span(arbitrary: fc.Arbitrary<string>) {
  return fc
    .tuple(arbitrary, arbitrary)
    .map(([a, b]) => (a <= b ? { start: a, end: b } : { start: b, end: a }));
}

export const lock = fc
  .tuple(
    fc.record({
      id: fc.constantFrom('L1', 'L2', 'release-day'),
      kind: fc.constantFrom('soft', 'hard'),
      environments: fc.constantFrom<string[]>(
        ['illumidesk.com'],
        ['ops.illumidesk.net'],
        ['illumidesk.com', 'ops.illumidesk.net'],
      ),
      reason: fc.constant('summit'),
    }),
    span(nearInstant),
  )
  .map(([one, when]) => ({ ...one, ...when }));

export const approval = fc.record({
  person,
  as: fc.constantFrom('reviewer', 'management', 'director', 'eoc', 'imoc', 'vpe'),
  for: fc.constantFrom('plan', 'start', 'emergency', 'lock:L1', 'lock:L2'),
  via: fc.constantFrom('app', 'issue', 'chat', 'voice'),
  digest: fc.constantFrom('sha256:aa', 'sha256:aa', 'sha256:bb'),
  at: nearInstant,
  expiresAt: fc.option(nearInstant),
});

export const veto = fc.record({
  by: person,
  change: fc.constantFrom('*', 'CHG-1', 'CHG-2', 'CHG-77'),
  at: nearInstant,
  liftedAt: fc.option(nearInstant),
  stopsRollback: fc.boolean(),
});

export const running = fc.record({
  id: fc.constantFrom('CHG-1', 'CHG-40', 'CHG-41'),
  severity,
  suspended: fc.boolean(),
});
export const incident = fc.record({
  id: fc.constantFrom('INC-7', 'INC-8'),
  severity,
  status: fc.constantFrom('active', 'resolved'),
});

const shifts = fc.array(
  fc.tuple(person, span(nearInstant)).map(([who, when]) => ({ person: who, ...when })),
  {
    maxLength: 4,
  },
);

const exception = fc.record({
  rule: fc.constantFrom(...RULES),
  reason: fc.constantFrom('', ' ', 'because'),
  by: person,
  approvedBy: fc.option(person),
  at: nearInstant,
});

const change: Record<string, fc.Arbitrary<unknown>> = {
  id: fc.constantFrom('CHG-1', 'CHG-2'),
  environment: fc.constantFrom(
    'illumidesk.com',
    'ops.illumidesk.net',
    'staging.illumidesk.com',
    'laptop.local',
  ),
  services: fc.subarray(['postgres', 'web', 'sidekiq', 'nowhere']),
  topics: fc.subarray([
    'database-topology',
    'load-balancer',
    'iac-increase',
    'console-script',
    'quantum-tunnel',
  ]),
  kind: fc.constantFrom('service', 'maintenance'),
  deployment: fc.constantFrom(null, 'canary', 'production'),
  monthlyRelease: fc.boolean(),
  criticality: fc.constantFrom('C1', 'C2', 'C3', 'C4'),
  severity,
  downtimeMinutes: fc.constantFrom(0, 5),
  author: person,
  authorIsBotOf: fc.option(person),
  executor: person,
  emoc: fc.option(person),
  cmoc: fc.option(person),
  bridge: fc.constantFrom(null, '', 'https://meet.example.com'),
  slot: fc.option(span(nearInstant)),
  estimateMinutes: fc.constantFrom(0, 15, 40),
  rollbackMinutes: fc.constantFrom(0, 5, 20, 500),
  onCalendar: fc.boolean(),
  resolvesIncident: fc.constantFrom(null, 'INC-7'),
  procedure: fc.option(
    fc.record({ id: fc.constant('p'), successfulRuns: fc.constantFrom(0, 3), graduated: fc.boolean() }),
  ),
  plan: fc.record({
    digest: fc.constantFrom('sha256:aa', 'sha256:bb'),
    complete: fc.boolean(),
    preflightChecks: fc.constantFrom(0, 1, 2),
    postChecks: fc.constantFrom(0, 1, 2),
    unquantifiedChecks: fc.constantFrom(0, 1),
    executableSteps: fc.constantFrom(0, 3),
    manualSteps: fc.constantFrom(0, 1),
    scriptSteps: fc.constantFrom(0, 1),
    wildcards: fc.constantFrom(0, 0, 1),
  }),
  dryRun: fc.option(
    fc.record({ digest: fc.constantFrom('sha256:aa', 'sha256:bb'), at: nearInstant, ok: fc.boolean() }),
  ),
  dryRunTwin: fc.constantFrom(null, 'same', 'different', 'accepted'),
  targets: fc.option(
    fc.record({
      count: fc.constantFrom(0, 2),
      outside: fc.constantFrom(0, 1),
      unproven: fc.constantFrom(0, 1),
    }),
  ),
  exceptions: fc.array(exception, { maxLength: 3 }),
  announcedAt: fc.option(nearInstant),
  situationRoomJoinedAt: fc.option(nearInstant),
  eocSeen: fc.option(fc.record({ person, at: nearInstant })),
  blind: fc.option(
    fc.record({ parts: fc.subarray(['prometheus', 'thanos', 'alertmanager'] as const), until: nearInstant }),
  ),
  acknowledges: fc.subarray(['CHG-40', 'CHG-41']),
  preflights: outcomes,
  watched: outcomes,
  postchecks: outcomes,
  updatesOverdue: fc.constantFrom(0, 2),
  handoff: fc.option(
    fc.record({ state: fc.constantFrom('', 'done'), silences: fc.constant([]), graphs: fc.constant([]) }),
  ),
};

const question: Record<string, fc.Arbitrary<unknown>> = {
  at: nearInstant,
  action: fc.constantFrom('ask', 'schedule', 'start', 'step', 'rollback', 'complete'),
  people: fc.dictionary(person, fc.subarray(['reviewer', 'management', 'director', 'vpe'] as const)),
  rota: fc.record({ eoc: shifts, imoc: shifts, cmoc: shifts }),
  running: fc.array(running, { maxLength: 3 }),
  incidents: fc.array(incident, { maxLength: 2 }),
  sources: fc.array(
    fc.record({
      of: fc.constantFrom('eoc', 'imoc', 'cmoc', 'incidents'),
      source: fc.constantFrom('pagerduty', 'a calendar'),
      heard: fc.boolean(),
    }),
    { maxLength: 1 },
  ),
  monitoring: fc.record({ prometheus: verdict, thanos: verdict, alertmanager: verdict }),
  locks: fc.array(lock, { maxLength: 4 }),
  vetoes: fc.array(veto, { maxLength: 2 }),
  errorBudgets: fc.array(
    fc.record({
      service: fc.constantFrom('postgres', 'web', 'nowhere'),
      remaining: fc.constantFrom(null, 0, 0.5),
      threshold: fc.constantFrom(0, 0.1),
    }),
    { maxLength: 2 },
  ),
  host: fc.option(
    fc.record({
      name: fc.constant('h'),
      role: fc.constantFrom('bastion', 'deployer', 'server', 'workstation'),
      environment: fc.option(environment),
      multiplexer: fc.constantFrom(null, 'tmux', 'screen'),
    }),
  ),
};

/** A few fields of a mapping, each with another value. */
function someOf(
  fields: Record<string, fc.Arbitrary<unknown>>,
  most: number,
): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .subarray(Object.keys(fields), { maxLength: most })
    .chain((keys) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, fields[key] as fc.Arbitrary<unknown>]))),
    );
}

/**
 * Facts near those of the bases: most fields are as they should be, so that single rules decide, and a few are not.
 * Approvals are added to those that are there or taken away one by one.
 */
export const factsArbitrary: fc.Arbitrary<FactsDocument> = fc
  .record({
    base: fc.constantFrom(...baseNames),
    question: someOf(question, 3),
    change: someOf(change, 4),
    added: fc.array(approval, { maxLength: 3 }),
    kept: fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  })
  .map(({ base, question: about, change: what, added, kept }) => {
    const document = factsDocument(base);
    const stays = kept[Symbol.iterator]();
    const approvals = (document.change?.approvals ?? []).filter(() => stays.next().value !== 0);
    return {
      ...document,
      ...about,
      change: { ...document.change, ...what, approvals: [...approvals, ...added] },
    };
  });
