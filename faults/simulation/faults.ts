import type { Chance } from '../chance.ts';

/** What may go wrong, and what people may say meanwhile, with how often of a hundred. */
const OFTEN = {
  'kill the runner': 6,
  'stop the runner': 6,
  'cut the network': 8,
  'lose messages': 6,
  'say things twice': 4,
  'take the server down': 8,
  'lose the metrics': 10,
  veto: 6,
  incident: 6,
  lock: 5,
  'lose the EOC': 5,
  'set the clock wrong': 5,
  'forget the note': 3,
  'say hold': 6,
  'say hold now': 4,
  'say go on': 16,
  'say roll back': 3,
  'say abort': 1,
  'say suspend': 2,
  settle: 6,
} as const;
export type FaultKind = keyof typeof OFTEN;

/** One fault of a schedule; those that last end by themselves. */
export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  readonly lastsMs: number;
}

const KINDS = Object.entries(OFTEN).flatMap(([kind, often]) =>
  Array.from({ length: often }, () => kind as FaultKind),
) as [FaultKind, ...FaultKind[]];

/** For how long things go wrong; then they heal, and the run has to come to its end. */
export const TROUBLE_MS = 6 * 60_000;

export function someFaults(chance: Chance): readonly Fault[] {
  const count = chance.between(2, 24);
  const faults = Array.from({ length: count }, () => ({
    atMs: chance.between(0, TROUBLE_MS),
    kind: chance.oneOf(KINDS),
    lastsMs: chance.oneOf([
      chance.between(50, 2_000),
      chance.between(2_000, 30_000),
      chance.between(20_000, 90_000),
    ]),
  }));
  return faults.toSorted((a, b) => a.atMs - b.atMs);
}
