import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FactsDocument } from '../../../src/contract/facts.ts';
import { formatInstant, parseInstant } from '../../../src/kernel/calendar/instant.ts';
import { decide } from '../../../src/kernel/policy/decide.ts';
import type { Decision } from '../../../src/kernel/policy/rule.ts';
import { ask, factsDocument, factsOf, illumidesk, verdictOf } from '../../kit/policy.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const TIME_RULES = ['allowed-hours', 'soft-lock', 'hard-lock', 'in-slot'] as const;

function at(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

function timeAllows(decision: Decision, rules: readonly (typeof TIME_RULES)[number][]): boolean {
  return rules.every((rule) => {
    const verdict = verdictOf(decision, rule);
    return verdict !== 'deny' && verdict !== 'unknown';
  });
}

/** The same question at another time: at schedule the slot moves, else now does. */
function movedTo(document: FactsDocument, instant: number): FactsDocument {
  if (document.action !== 'schedule') return { ...document, at: formatInstant(instant) };
  const slot = document.change?.slot;
  const length =
    slot === null || slot === undefined
      ? (document.change?.estimateMinutes ?? 0) * MINUTE + (document.change?.rollbackMinutes ?? 0) * MINUTE
      : at(slot.end ?? '') - at(slot.start ?? '');
  const moved = { start: formatInstant(instant), end: formatInstant(instant + length) };
  return { ...document, change: { ...document.change, slot: moved } };
}

const quarter = 15 * MINUTE;
const begin = at('2026-11-20T20:00:00Z');
const HORIZON = 4 * DAY;

const minutesAhead = fc.integer({ min: -96, max: 4 * 96 }).map((quarters) => begin + quarters * quarter);
const lock = fc
  .record({
    id: fc.constantFrom('L1', 'L2', 'L3'),
    kind: fc.constantFrom('soft', 'hard'),
    start: minutesAhead,
    quarters: fc.integer({ min: 0, max: 96 }),
  })
  .map(({ id, kind, start, quarters }) => ({
    id,
    kind,
    environments: ['illumidesk.com'],
    reason: 'summit',
    start: formatInstant(start),
    end: formatInstant(start + quarters * quarter),
  }));

const vpeExempts = {
  person: 'vera',
  as: 'vpe',
  for: 'lock:L1',
  via: 'app',
  digest: 'sha256:aa',
  at: '2026-11-16T10:00:00Z',
  expiresAt: null,
};

const questions = fc
  .record({
    base: fc.constantFrom('c2-start', 'c3-start', 'c1-schedule', 'deploy-start', 'ask'),
    criticality: fc.constantFrom('C2', 'C3'),
    deployment: fc.constantFrom(null, 'canary', 'production'),
    monthlyRelease: fc.boolean(),
    slot: fc.option(fc.tuple(minutesAhead, fc.integer({ min: 0, max: 200 }))),
    estimateMinutes: fc.constantFrom(0, 15, 45, 240, 600),
    now: fc.integer({ min: 0, max: 200 }).map((quarters) => begin + quarters * quarter),
    locks: fc.array(lock, { maxLength: 5 }),
    exempt: fc.boolean(),
  })
  .map(({ base, now, slot, locks, exempt, ...change }): FactsDocument => {
    const window =
      slot === null
        ? null
        : { start: formatInstant(slot[0]), end: formatInstant(slot[0] + slot[1] * quarter) };
    const document = factsDocument(base, { at: formatInstant(now) });
    // Values that the schema checks when the document is parsed.
    return {
      ...document,
      locks,
      change: {
        ...document.change,
        ...change,
        slot: window,
        rollbackMinutes: 15,
        approvals: exempt ? [vpeExempts] : [],
      },
    } as FactsDocument;
  });

describe('nextOpening', () => {
  test('is the first quarter of an hour at which time allows, found by trying them all', () => {
    fc.assert(
      fc.property(questions, (document) => {
        const rules = document.action === 'schedule' ? TIME_RULES.slice(0, 3) : TIME_RULES;
        const { nextOpening } = decide(illumidesk, factsOf(document));
        const now = at(document.at);
        let first: number | null = null;
        for (let instant = now; instant <= now + HORIZON && first === null; instant += quarter) {
          if (timeAllows(decide(illumidesk, factsOf(movedTo(document, instant))), rules)) first = instant;
        }
        if (first === null) expect(nextOpening === null || nextOpening > now + HORIZON).toBe(true);
        else expect(nextOpening).toBe(first);
      }),
      { numRuns: 100 },
    );
  });

  test('is exact to the millisecond', () => {
    const patch = {
      locks: [
        {
          id: 'L1',
          kind: 'hard',
          environments: ['illumidesk.com'],
          reason: 'x',
          start: '2026-11-17T09:00:00Z',
          end: '2026-11-17T12:34:56.789Z',
        },
      ],
    };
    const opening = at('2026-11-17T12:34:56.789Z');
    expect(ask('c4-start', patch).nextOpening).toBe(opening);
    expect(ask('c4-start', { ...patch, at: formatInstant(opening - 1) }).allowed).toBe(false);
    expect(verdictOf(ask('c4-start', { ...patch, at: formatInstant(opening) }), 'hard-lock')).toBe('pass');
  });

  test('is now where nothing stops it, and nothing where no time is asked about', () => {
    expect(ask('c4-start').nextOpening).toBe(at('2026-11-17T11:00:00Z'));
    expect(ask('c1-step').nextOpening).toBeNull();
    expect(ask('c1-complete').nextOpening).toBeNull();
    expect(ask('c1-rollback').nextOpening).toBeNull();
  });

  test.each([
    ['within 400 days', 400 * DAY, true],
    ['later', 400 * DAY + 1, false],
  ])('is looked for %s', (_, ahead, found) => {
    const start = at('2026-11-17T11:00:00Z');
    const locks = [
      {
        id: 'L1',
        kind: 'hard',
        environments: ['illumidesk.com'],
        reason: 'x',
        start: formatInstant(start),
        end: formatInstant(start + ahead),
      },
    ];
    expect(ask('c4-start', { locks }).nextOpening).toBe(found ? start + ahead : null);
  });

  test('never comes for what is longer than its hours', () => {
    expect(
      ask('ask', { change: { criticality: 'C2', estimateMinutes: 480, rollbackMinutes: 1 } }).nextOpening,
    ).toBeNull();
    expect(
      ask('ask', { change: { criticality: 'C2', estimateMinutes: 480, rollbackMinutes: 0 } }).nextOpening,
    ).toBe(at('2026-11-17T22:00:00Z'));
  });

  test('counts an exception, an emergency and another environment as they are', () => {
    const noon = { at: '2026-11-17T12:00:00Z' };
    const exceptions = [
      {
        rule: 'allowed-hours',
        reason: 'quiet at noon',
        by: 'ana',
        approvedBy: 'rhea',
        at: '2026-11-16T10:00:00Z',
      },
    ];
    expect(ask('ask', { ...noon, change: { criticality: 'C2' } }).nextOpening).toBe(
      at('2026-11-17T22:00:00Z'),
    );
    const excepted = ask('ask', { ...noon, change: { criticality: 'C2', author: 'ana', exceptions } });
    expect(excepted.nextOpening).toBe(at(noon.at));
    expect(ask('emergency-start').nextOpening).toBe(at('2026-11-17T15:10:00Z'));
    const staging = { ...noon, change: { criticality: 'C2', environment: 'staging.illumidesk.com' } };
    expect(ask('ask', staging).nextOpening).toBe(at(noon.at));
  });

  test('cannot be told without knowing how long it takes, where it is, or what it is', () => {
    for (const unknown of ['estimateMinutes', 'rollbackMinutes', 'environment', 'criticality']) {
      expect(ask('ask', { change: { [unknown]: null } }).nextOpening, unknown).toBeNull();
    }
  });

  test('is on release day for the monthly release, and after it for every other change', () => {
    const under = {
      at: '2026-11-22T07:00:00Z',
      locks: [
        {
          id: 'L1',
          kind: 'hard',
          environments: ['illumidesk.com'],
          reason: 'x',
          start: '2026-11-20T09:00:00Z',
          end: '2026-11-25T09:00:00Z',
        },
      ],
    };
    expect(ask('ask', { ...under, change: { monthlyRelease: true } }).nextOpening).toBe(
      at('2026-11-22T09:00:00Z'),
    );
    expect(ask('ask', under).nextOpening).toBe(at('2026-11-25T09:00:00Z'));
  });
});
