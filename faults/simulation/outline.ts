import type { RunOutline, Undo } from '../../src/kernel/run/outline.ts';
import type { Chance } from '../chance.ts';

const UNDONE: Undo = { nothing: 'it changes nothing' };

/** The bones of some plan: of every kind of step that a plan can have. */
export function someOutline(chance: Chance): RunOutline {
  const steps = Array.from({ length: chance.between(1, 5) }, (_, index) => `step ${index + 1}`);
  const undone = steps.filter(() => chance.happens(0.6));
  return {
    steps: steps.map((name) => ({
      ...someStep(chance, name),
      undo: undone.includes(name) ? { step: `undo ${name}` } : UNDONE,
    })),
    rollback: undone.map((name) => someStep(chance, `undo ${name}`)),
    preflights: [
      { name: 'host answers', corrective: false },
      ...(chance.happens(0.3) ? [{ name: 'disk has room', corrective: true }] : []),
    ],
    postchecks: ['all is well'],
    watched: chance.happens(0.5) ? ['error ratio'] : [],
    pointOfNoReturn: null,
  };
}

function someStep(chance: Chance, name: string) {
  return {
    name,
    executable: true,
    safeStop: chance.happens(0.7),
    idempotent: chance.happens(0.5),
    interruptible: chance.happens(0.5),
    timeoutMs: chance.between(5, 60) * 1_000,
    beforeChecks: chance.happens(0.2) ? [`before ${name}`] : [],
    afterChecks: [`${name} done`],
    hasProbe: chance.happens(0.4),
  };
}
