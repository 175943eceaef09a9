import type { Judgement } from './verdict.ts';

/** The parts of the monitoring platform that have to prove that they live. */
export const PARTS = ['prometheus', 'alertmanager', 'thanos'] as const;
export type Part = (typeof PARTS)[number];

/** The probes of SAFETY section 2, in its order. */
export const PROBES = [
  'M1',
  'M2',
  'M3',
  'M4',
  'M5',
  'M6',
  'M7',
  'M8',
  'M9',
  'M10',
  'M11',
  'M12',
  'M13',
] as const;
export type ProbeId = (typeof PROBES)[number];

/** One probe of one part, judged. */
export interface JudgedProbe extends Judgement {
  readonly probe: ProbeId;
  readonly part: Part;
}
