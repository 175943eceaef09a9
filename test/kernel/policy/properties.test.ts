import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FactsDocument } from '../../../src/contract/facts.ts';
import { decide, verdictsOf } from '../../../src/kernel/policy/decide.ts';
import { ACTIONS, type RuleId } from '../../../src/kernel/policy/rule.ts';
import { approval, factsArbitrary, incident, lock, running, veto } from '../../kit/facts-arbitrary.ts';
import { factsOf, illumidesk, refusals } from '../../kit/policy.ts';

const RUNS = { numRuns: 800 };

function allowed(document: FactsDocument): boolean {
  return decide(illumidesk, factsOf(document)).allowed;
}

const wanted = (rule: RuleId) => rule.length % 2 === 0;

describe('decide', () => {
  test('answers every valid question, the same each time, and no rule ends in an error', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(factsArbitrary, (document) => {
        const decision = decide(illumidesk, factsOf(document));
        expect(ACTIONS).toContain(document.action);
        expect(decision.allowed).toBe(refusals(decision).length === 0);
        expect(
          decision.verdicts.every(({ because }) => because.length > 10 && !because.includes('undefined')),
        ).toBe(true);
        expect(decision.verdicts.filter(({ because }) => because.includes('could not be evaluated'))).toEqual(
          [],
        );
        expect(JSON.stringify(decide(illumidesk, factsOf(document)))).toBe(JSON.stringify(decision));
        seen.add(String(decision.allowed));
      }),
      RUNS,
    );
    // Facts that are all refused, or all allowed, would prove nothing in what follows.
    expect(seen).toEqual(new Set(['true', 'false']));
  });

  test('says of some rules what it says of them among all', () => {
    fc.assert(
      fc.property(factsArbitrary, (document) => {
        const facts = factsOf(document);
        const among = decide(illumidesk, facts).verdicts.filter(({ rule }) => wanted(rule));
        expect(verdictsOf(illumidesk, facts, wanted)).toEqual(among);
      }),
      { numRuns: 200 },
    );
  });

  test('does not mind in which order the facts stand', () => {
    fc.assert(
      fc.property(factsArbitrary, fc.infiniteStream(fc.nat()), (document, chance) => {
        const shuffled = shuffle(document, chance[Symbol.iterator]());
        expect(decide(illumidesk, factsOf(shuffled as FactsDocument))).toEqual(
          decide(illumidesk, factsOf(document)),
        );
      }),
      RUNS,
    );
  });
});

function shuffle(value: unknown, chance: Iterator<number>): unknown {
  if (Array.isArray(value)) {
    return value
      .map((item) => ({ item: shuffle(item, chance), place: Number(chance.next().value) }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffle(inner, chance)] as const);
  return Object.fromEntries(entries.toReversed());
}

/** One more thing that speaks against a change. */
const restriction: fc.Arbitrary<(document: FactsDocument) => FactsDocument> = fc.oneof(
  lock.map((one) => (facts: FactsDocument): FactsDocument => ({
    ...facts,
    locks: [...(facts.locks ?? []), one],
  })),
  veto.map((one) => (facts: FactsDocument): FactsDocument => ({
    ...facts,
    vetoes: [...(facts.vetoes ?? []), one],
  })),
  running.map((one) => (facts: FactsDocument): FactsDocument => ({
    ...facts,
    running: [...(facts.running ?? []), one],
  })),
  incident.map(
    (one) =>
      (facts: FactsDocument): FactsDocument =>
        // The incident that the change resolves is what makes an emergency: that one is no restriction.
        one.id === facts.change?.resolvesIncident
          ? facts
          : { ...facts, incidents: [...(facts.incidents ?? []), one] },
  ),
  fc
    .constantFrom('prometheus', 'thanos', 'alertmanager')
    .map((part) => (facts: FactsDocument): FactsDocument => ({
      ...facts,
      monitoring: { ...facts.monitoring, [part]: 'fail' },
    })),
  fc.constantFrom('preflights', 'watched', 'postchecks').map(
    (list) => (facts: FactsDocument) =>
      changed(facts, {
        [list]: [...(facts.change?.[list as 'watched'] ?? []), { name: 'one more', verdict: 'fail' }],
      }),
  ),
  fc
    .constantFrom('database-topology', 'quantum-tunnel', 'iac-increase')
    .map(
      (topic) => (facts: FactsDocument) =>
        changed(facts, { topics: [...(facts.change?.topics ?? []), topic] }),
    ),
  fc
    .constantFrom('wildcards', 'unquantifiedChecks')
    .map(
      (count) => (facts: FactsDocument) => changed(facts, { plan: { ...facts.change?.plan, [count]: 1 } }),
    ),
  fc.nat().map(
    (which) => (facts: FactsDocument) =>
      changed(facts, {
        approvals: (facts.change?.approvals ?? []).filter(
          (_, index, all) => index !== which % Math.max(all.length, 1),
        ),
      }),
  ),
  fc.constant((facts: FactsDocument) => changed(facts, { exceptions: [] })),
);

function changed(facts: FactsDocument, patch: object): FactsDocument {
  return { ...facts, change: { ...facts.change, ...patch } };
}

/** Several for each document: making one costs most of the time. */
const someOf = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 4, maxLength: 4 });

describe('a refusal stays one', () => {
  test('whatever else speaks against the change', () => {
    fc.assert(
      fc.property(factsArbitrary, someOf(restriction), (document, restrictions) => {
        fc.pre(!allowed(document));
        for (const restrict of restrictions) expect(allowed(restrict(document))).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('whichever fact is no longer known', () => {
    fc.assert(
      fc.property(factsArbitrary, someOf(fc.nat()), (document, some) => {
        fc.pre(!allowed(document));
        const paths = unknowable(document, []).filter(
          (one) => document.action !== 'ask' || one.join('.') !== 'change.id',
        );
        fc.pre(paths.length > 0);
        for (const which of some) {
          const path = paths[which % paths.length] ?? [];
          expect(allowed(without(document, path) as FactsDocument), `without ${path.join('.')}`).toBe(false);
        }
      }),
      { numRuns: 800 },
    );
  });
});

/**
 * Facts whose absence has a meaning, so that leaving them out says something else instead of nothing:
 * - lists are then empty, and lists of results, approvals and services are what they list;
 * - what may be `null` is then known to be none (no slot, no procedure, no host, not lifted, never expires);
 * - what has a default has it;
 * - an error budget that cannot be read counts as burnt only where the policy names a budget for the service;
 * - a pipeline that asks has no change yet, so that a veto of one change is not on it (`change.id` at `ask`).
 */
const MEANS_SOMETHING = new Set([
  'at',
  'action',
  'services',
  'topics',
  'team',
  'approvals',
  'exceptions',
  'acknowledges',
  'preflights',
  'watched',
  'postchecks',
  'running',
  'incidents',
  'sources',
  'locks',
  'vetoes',
  'errorBudgets',
  'environments',
  'eoc',
  'imoc',
  'cmoc',
  'parts',
  'silences',
  'graphs',
  'deployment',
  'authorIsBotOf',
  'emoc',
  'cmoc',
  'bridge',
  'slot',
  'resolvesIncident',
  'procedure',
  'targets',
  'dryRunTwin',
  'dryRun',
  'announcedAt',
  'situationRoomJoinedAt',
  'eocSeen',
  'blind',
  'handoff',
  'expiresAt',
  'liftedAt',
  'host',
  'multiplexer',
  'approvedBy',
  'monthlyRelease',
  'updatesOverdue',
  'suspended',
  'stopsRollback',
  'remaining',
  'threshold',
]);

type Path = readonly (string | number)[];

function unknowable(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): Path[] => {
    const step = Array.isArray(value) ? Number(key) : key;
    const here = [...path, step];
    return [...(means(value, key, path) ? [] : [here]), ...unknowable(inner, here)];
  });
}

function means(holder: object, key: string, path: Path): boolean {
  // A person is in the directory with the roles listed; an item of a list is what the list says.
  if (Array.isArray(holder) || path.at(-1) === 'people') return true;
  if (path.at(-1) === 'host' && key === 'environment') return true;
  return MEANS_SOMETHING.has(key) && !(path.length === 0 && key === 'rota');
}

function without(value: unknown, [step, ...rest]: Path): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? without(item, rest) : item));
  const entries = Object.entries(value as object);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== step));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === step ? without(inner, rest) : inner]),
  );
}

describe('more approvals', () => {
  test('never turn an allowance into a refusal', () => {
    fc.assert(
      fc.property(factsArbitrary, approval, (document, more) => {
        fc.pre(allowed(document));
        const approvals = [...(document.change?.approvals ?? []), more];
        expect(allowed(changed(document, { approvals }))).toBe(true);
      }),
      RUNS,
    );
  });
});
