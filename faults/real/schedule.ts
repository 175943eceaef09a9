import type { Chance } from '../chance.ts';
import type { Passing } from './way.ts';

/** When a fault strikes. */
export type Point =
  | { readonly by: 'passing'; readonly nth: number; readonly when: Passing['when'] }
  /** So many steps have begun. */
  | { readonly by: 'beginning'; readonly nth: number }
  | { readonly by: 'time'; readonly ms: number };

const BRIEF = 1_000;
/** Longer than the lease and what is waited after it. */
const LONG = 7_500;

/** What may go wrong (SAFETY section 1), how often one is drawn, and how long it may last; 0 for what is over at once. */
export const FAULTS = {
  'kill the runner': { weight: 4, lasts: [0] },
  'kill the keeper': { weight: 3, lasts: [0] },
  'kill runner and keeper': { weight: 2, lasts: [0] },
  'kill the server': { weight: 4, lasts: [200, BRIEF, LONG] },
  'kill a back end': { weight: 3, lasts: [0] },
  'kill the postmaster': { weight: 3, lasts: [0] },
  'stop the runner': { weight: 3, lasts: [BRIEF, LONG] },
  'stop the keeper': { weight: 2, lasts: [BRIEF, LONG] },
  'stop runner and keeper': { weight: 2, lasts: [BRIEF, LONG] },
  'stop the server': { weight: 2, lasts: [BRIEF, LONG] },
  'stop the postmaster': { weight: 1, lasts: [BRIEF, LONG] },
  'cut the network': { weight: 3, lasts: [BRIEF, LONG] },
  'lose the answers': { weight: 3, lasts: [BRIEF, LONG] },
  'lose the requests': { weight: 2, lasts: [BRIEF, LONG] },
  'slow the network': { weight: 2, lasts: [BRIEF, LONG] },
  'send all twice': { weight: 2, lasts: [LONG] },
  'fill the disk of the journal': { weight: 3, lasts: [BRIEF, LONG] },
  'fill the disk of the ledger': { weight: 3, lasts: [BRIEF, LONG] },
  'set the clock wrong': { weight: 2, lasts: [BRIEF, LONG] },
  'take Prometheus away': { weight: 3, lasts: [BRIEF, LONG] },
  'fire an alert': { weight: 3, lasts: [BRIEF, LONG] },
  'tell of alerts that are none': { weight: 2, lasts: [0] },
  'lay a veto': { weight: 4, lasts: [BRIEF, LONG] },
  'hold at once': { weight: 2, lasts: [0] },
} as const satisfies Record<
  string,
  { readonly weight: number; readonly lasts: readonly [number, ...number[]] }
>;
export type FaultKind = keyof typeof FAULTS;

export interface Fault {
  readonly kind: FaultKind;
  readonly at: Point;
  readonly lastsMs: number;
}

/** How a history begins. */
export const BEGINNINGS = ['one start', 'two starts of one change', 'two severe changes'] as const;
export type Beginning = (typeof BEGINNINGS)[number];

const ALL = Object.keys(FAULTS) as FaultKind[];
const URN = ALL.flatMap((kind) => Array.from({ length: FAULTS[kind].weight }, () => kind));

/** One to three faults, from chance. */
export function drawFaults(chance: Chance): readonly Fault[] {
  return Array.from({ length: chance.between(1, 3) }, () => {
    const kind = chance.oneOf(URN as [FaultKind, ...FaultKind[]]);
    return { kind, at: drawPoint(chance), lastsMs: chance.oneOf<number>(FAULTS[kind].lasts) };
  });
}

function drawPoint(chance: Chance): Point {
  const by = chance.oneOf(['passing', 'passing', 'beginning', 'beginning', 'time'] as const);
  switch (by) {
    case 'passing':
      return { by, nth: chance.between(1, 10), when: chance.oneOf(['before', 'after'] as const) };
    case 'beginning':
      return { by, nth: chance.between(1, 4) };
    case 'time':
      return { by, ms: chance.between(0, 5_000) };
  }
}

/** A fault as a person reads it. */
export function textOf({ kind, at, lastsMs }: Fault): string {
  const lasts = lastsMs === 0 ? '' : ` for ${lastsMs / 1_000} s`;
  switch (at.by) {
    case 'passing':
      return `${kind}${lasts}, ${at.when} ${at.when === 'before' ? 'request' : 'answer'} ${at.nth}`;
    case 'beginning':
      return `${kind}${lasts}, at the beginning of step ${at.nth}`;
    case 'time':
      return `${kind}${lasts}, ${at.ms} ms after the start`;
  }
}
