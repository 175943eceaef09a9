import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterAsking,
  alsoHeldBy,
  asksAgain,
  causeOf,
  HOLD_RELEASED_BY,
  newHold,
  takingHoldAtOnce,
  type Denial,
  type Hold,
} from '../../../src/kernel/run/hold.ts';

const LIMITS = { passesInARow: 3, personAfterMs: 1_000, coolDownMs: 100 };
const deny = (rule: string): Denial => ({ rule, verdict: 'deny', because: `${rule} denies` });
const unknown = (rule: string): Denial => ({ rule, verdict: 'unknown', because: `${rule} is unknown` });

describe('what takes hold at once, inside a segment too', () => {
  it.each([
    ['a veto', deny('eoc-veto'), true],
    ['a lost bastion', unknown('run-from-bastion'), true],
    ['a failed watched metric', deny('watched-metrics'), true],
    ['an unknown watched metric', unknown('watched-metrics'), false],
    ['a failed pre-flight check', deny('preflight-passed'), true],
    ['dead metrics', deny('metrics-available'), false],
    ['an incident', deny('no-active-incident'), false],
    ['a lock', deny('hard-lock'), false],
    ['an absent EOC', deny('eoc-engaged'), false],
  ])('%s', (_, denial, atOnce) => {
    expect(takingHoldAtOnce([denial])).toEqual(atOnce ? [denial] : []);
  });
});

describe('the cause of a hold', () => {
  it.each([
    [[unknown('metrics-available')], 'metrics'],
    [[unknown('watched-metrics')], 'metrics'],
    [[deny('eoc-engaged')], 'presence'],
    [[deny('eoc-engaged'), deny('metrics-available')], 'metrics'],
    [[deny('watched-metrics')], 'watched'],
    [[deny('metrics-available'), deny('hard-lock')], 'policy'],
    [[deny('metrics-available'), deny('no-active-incident')], 'incident'],
    [[deny('no-active-incident'), deny('eoc-veto')], 'veto'],
    [[deny('handoff-written')], 'hand-off'],
    [[deny('handoff-written'), deny('postchecks-passed')], 'policy'],
    [[deny('a rule of tomorrow')], 'policy'],
  ])('%j is %s', (denials, cause) => {
    expect(causeOf(denials)).toBe(cause);
  });
});

/** Asks again and again, one answer a second of 100 ms. */
function asked(hold: Hold, answers: readonly (readonly Denial[])[]): Hold | null {
  let now: Hold | null = hold;
  for (const [index, answer] of answers.entries()) {
    if (now !== null) now = afterAsking(now, answer, (index + 1) * 100, LIMITS);
  }
  return now;
}

const DEAD = [unknown('metrics-available')];

describe('metrics that come back', () => {
  const held = newHold('metrics', 'x', 0);
  it.each([
    ['two passes', [[], []], false],
    ['three passes', [[], [], []], true],
    ['three passes, not in a row', [[], [], DEAD, []], false],
    ['flapping', [[], DEAD, [], DEAD, [], DEAD, [], []], false],
  ])('end the hold after %s: %s', (_, answers, ended) => {
    expect(asked(held, answers) === null).toBe(ended);
  });

  it('after the limit do not end it any more, until a person says so', () => {
    const late = asked(
      held,
      Array.from({ length: 11 }, () => DEAD),
    );
    expect(late).toMatchObject({ cause: 'metrics', needsPerson: true });
    if (late === null) return;
    expect(asked(late, [[], [], [], [], []])).toMatchObject({ needsPerson: true });
    expect(afterAsking({ ...late, releasedBy: 'ben' }, [], 2_000, LIMITS)).toBeNull();
  });
});

describe('an incident that ends while metrics are dead', () => {
  it('still waits for a person, and its cool-down counts from its own end', () => {
    const held = { ...newHold('incident', 'x', 0), rules: ['no-active-incident'] };
    const after = asked(held, [[deny('no-active-incident'), ...DEAD], DEAD, [], [], [], []]);
    expect(after).toMatchObject({ cause: 'incident', clearSince: 200 });
  });
});

describe('an incident that ends into something else that waits for a person', () => {
  it('keeps its cool-down', () => {
    const held = { ...newHold('incident', 'x', 0), rules: ['no-active-incident'] };
    const after = asked(held, [[deny('no-active-incident')], [deny('hard-lock')], [deny('hard-lock')]]);
    expect(after).toMatchObject({ cause: 'incident', clearSince: 200, rules: ['hard-lock'] });
  });
});

describe('a word of a person on top of a hold', () => {
  it.each(['metrics', 'presence'] as const)('keeps one for %s from going on by itself', (cause) => {
    const held = alsoHeldBy(newHold(cause, 'x', 0), { by: 'ben', dutyOnly: false });
    expect(asksAgain(held)).toBe(false);
    expect(asked(held, [[], [], [], []])).toMatchObject({ needsPerson: true, by: 'ben' });
  });

  it('on duty stays on duty, whoever says more and whatever is asked again', () => {
    const cora = alsoHeldBy(newHold('incident', 'x', 0), { by: 'cora', dutyOnly: true });
    const both = alsoHeldBy(cora, { by: 'ben', dutyOnly: false });
    expect(asked(both, [[deny('no-active-incident')], DEAD, []])).toMatchObject({
      by: 'cora',
      dutyOnly: true,
    });
  });
});

describe('a word of a person', () => {
  it('is used up by the verdict that follows it', () => {
    const held = { ...newHold('person', 'x', 0), releasedBy: 'ben' };
    expect(afterAsking(held, [deny('hard-lock')], 100, LIMITS)).toMatchObject({
      cause: 'policy',
      releasedBy: null,
    });
  });
});

it('never ends a hold that waits for a person without a word of one', () => {
  const denials = array(
    constantFrom(deny('eoc-veto'), deny('hard-lock'), deny('no-active-incident'), ...DEAD),
    {
      maxLength: 3,
    },
  );
  const causes = Object.entries(HOLD_RELEASED_BY)
    .filter(([, by]) => by === 'person')
    .map(([cause]) => cause as Hold['cause']);
  assert(
    property(constantFrom(...causes), array(denials, { maxLength: 20 }), (cause, answers) => {
      expect(asked(newHold(cause, 'x', 0), answers)).not.toBeNull();
    }),
  );
});
