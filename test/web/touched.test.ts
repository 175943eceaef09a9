import { expect, it } from 'vitest';
import { restsOnAll, touchedBy } from '../../web/src/server/touched.ts';

it.each(['veto/1', 'change/*', 'incident/INC-1', 'lock/LOCK-1', 'policy/in-force'])(
  '%s has the board asked at once, and the rest of what rests on everything a moment later',
  (object) => {
    expect(touchedBy(object, ['now'])).toBe(true);
    expect(touchedBy(object, ['ledger', 'head'])).toBe(false);
    expect(restsOnAll(['ledger', 'head'])).toBe(true);
  },
);

it('leaves the board alone for a moment where nothing stops production', () => {
  expect(touchedBy('run/RUN-1', ['now'])).toBe(false);
  expect(restsOnAll(['now'])).toBe(true);
});

it('asks anew for one thing what is about it, and nothing about another of its kind', () => {
  expect(touchedBy('change/CHG-1', ['change', 'CHG-1', 'acts'])).toBe(true);
  expect(touchedBy('change/CHG-1', ['change', 'CHG-2'])).toBe(false);
  expect(touchedBy('incident/INC-1', ['change', 'CHG-2'])).toBe(true);
  expect(touchedBy('change/*', ['change', 'CHG-2', 'acts'])).toBe(true);
});

it.each(['change/CHG-1', 'claim/CLAIM-1', 'change/*'])(
  'asks for the vetoes anew: one may be recorded about %s',
  (object) => {
    expect(touchedBy(object, ['vetoes'])).toBe(true);
  },
);

it.each(['rota', 'calendar', 'hand-offs', 'tasks'])(
  'asks anew for %s where an account is closed: it is on duty nowhere from then on',
  (word) => {
    expect(touchedBy('person/cora', [word])).toBe(true);
  },
);

it('asks everything anew of a kind that it does not know, but what rests on everything', () => {
  expect(touchedBy('novelty/1', ['people'])).toBe(true);
  expect(touchedBy('novelty/1', ['now'])).toBe(false);
});
