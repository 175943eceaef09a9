import { deny, pass, unknown, type Finding } from './finding.ts';
import { MONITORING_PARTS, type MonitoringPart } from './facts.ts';
import type { Judged } from './judged.ts';
import { listed } from './ways.ts';

// No metrics, no changes.

export function metricsAvailable(question: Judged): Finding {
  const finding = judgeParts(question, partsToProve(question));
  const { emergency } = question;
  if (finding.verdict === 'pass' || emergency === null || !emergency.critical) return finding;
  return {
    verdict: 'excepted',
    because: `${finding.because} It repairs ${emergency.incident}, which is critical.`,
  };
}

/** The parts that exist in the environment, without those that the run takes away for a while. */
function partsToProve({ policy, change, action, at }: Judged): readonly MonitoringPart[] {
  const there = change.environment === undefined ? undefined : policy.environments.get(change.environment);
  const parts = there?.monitoring ?? MONITORING_PARTS;
  const { blind } = change;
  const running = action === 'step' || action === 'rollback';
  if (!running || blind === null || blind.until === undefined || blind.until <= at) return parts;
  return parts.filter((part) => !blind.parts.includes(part));
}

function judgeParts({ facts }: Judged, parts: readonly MonitoringPart[]): Finding {
  const failed = parts.filter((part) => facts.monitoring[part] === 'fail');
  if (failed.length > 0) return deny(`No metrics, no changes: ${listed(failed)} failed the liveness proof.`);
  const open = parts.filter((part) => facts.monitoring[part] !== 'pass');
  if (open.length > 0)
    return unknown(`No metrics, no changes: that ${listed(open)} is alive could not be proven.`);
  return pass(
    parts.length === 0
      ? 'No part of the monitoring has to be proven now.'
      : `Proven alive: ${listed(parts)}.`,
  );
}
