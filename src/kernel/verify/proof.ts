import type { JudgedProbe, Part, ProbeId } from './probe.ts';
import { combineVerdicts, type Verdict } from './verdict.ts';

/** The verdict on each part of the monitoring platform. */
export type PartVerdicts = Readonly<Record<Part, Verdict>>;

/**
 * What each part has to show. M8 speaks for Alertmanager: it is the way to it that is tried, so a change that touches Alertmanager
 * alone is not held against Prometheus. M4 (the plan's targets) and M11 (our own webhook) count where they were asked.
 */
const REQUIRED = {
  prometheus: ['M1', 'M2', 'M3', 'M5', 'M6', 'M7', 'M13'],
  alertmanager: ['M1', 'M8', 'M9', 'M10'],
  thanos: ['M12'],
} as const satisfies Record<Part, readonly ProbeId[]>;

/**
 * The verdicts of the parts from their probes.
 * INVARIANT: a part whose required probe is missing from the list is never a pass.
 */
export function judgeProof(probes: readonly JudgedProbe[]): PartVerdicts {
  const judge = (part: Part): Verdict => {
    const own = probes.filter((one) => one.part === part);
    const missing = REQUIRED[part].filter((id) => !own.some(({ probe }) => probe === id));
    return combineVerdicts([...own.map(({ verdict }) => verdict), ...missing.map(() => 'unknown' as const)]);
  };
  return {
    prometheus: judge('prometheus'),
    alertmanager: judge('alertmanager'),
    thanos: judge('thanos'),
  };
}
