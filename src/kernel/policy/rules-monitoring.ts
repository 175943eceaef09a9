import { deny, pass, unknown, type Finding } from './finding.ts';
import { MONITORING_PARTS, type MonitoringPart } from './facts.ts';
import { listed } from './in-words.ts';
import type { Judged } from './judged.ts';

// No metrics, no changes.

/** An emergency of a critical incident waives this, whatever the proof says: a pass is then not leaned on either. */
export function metricsAvailable(question: Judged): Finding {
  const finding = judgeParts(question, partsToProve(question));
  const { emergency } = question;
  if (emergency === null || !emergency.critical) return finding;
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
  const failed: MonitoringPart[] = [];
  const open: MonitoringPart[] = [];
  for (const part of parts) {
    const proof = facts.monitoring[part];
    if (proof === 'fail') failed.push(part);
    else if (proof !== 'pass') open.push(part);
  }
  if (failed.length > 0) return deny(`No metrics, no changes: ${listed(failed)} failed the liveness proof.`);
  if (open.length > 0)
    return unknown(
      `No metrics, no changes: that ${listed(open)} ${open.length === 1 ? 'is' : 'are'} alive could not be proven.`,
    );
  return pass(
    parts.length === 0
      ? 'No part of the monitoring has to be proven now.'
      : `Proven alive: ${listed(parts)}.`,
  );
}
