import { deny, missing, pass, unknown, type Finding } from './finding.ts';
import type { Criticality } from './facts.ts';
import { asksFor, floorOf } from './floor.ts';
import { listed, numberOf } from './in-words.ts';
import type { Judged } from './judged.ts';
import { isLower } from './question.ts';

// What the request says about itself: environment, criticality, kind.

export function environmentKnown({ change, policy }: Judged): Finding {
  const { environment } = change;
  if (environment === undefined) return missing('the environment');
  const known = policy.environments.get(environment);
  if (known === undefined) {
    return deny(`The environment has to be one that the policy lists; ${environment} is not.`);
  }
  return known.operational
    ? pass(`${environment} is an operational environment of the policy.`)
    : pass(`${environment} is not operational, so no other rule holds there.`);
}

export function criticalityFloor(question: Judged): Finding {
  const { change, policy } = question;
  const { criticality } = change;
  const whatLacks = lacking(change, floorOf(policy, change).unlisted);
  if (criticality === undefined) return whatLacks ?? missing('the criticality');
  const reasons = tooLow(criticality, question);
  if (reasons.length > 0) {
    const finding = deny(
      `The criticality has to be as high as asked for: ${listed(reasons)}, and it is ${criticality}.`,
    );
    return whatLacks === null ? finding : { ...finding, alsoUnknown: true };
  }
  if (whatLacks !== null) return whatLacks;
  return pass(`${criticality} is as high as its topics and its downtime ask for.`);
}

function tooLow(criticality: Criticality, { change, policy }: Judged): string[] {
  return asksFor(policy, change)
    .filter((asking) => isLower(criticality, asking.criticality))
    .map((asking) => `${asking.what} asks for ${asking.criticality}`);
}

function lacking(
  { criticality, downtimeMinutes }: Judged['change'],
  strange: readonly string[],
): Finding | null {
  if (strange.length > 0)
    return unknown(`The policy has to list every topic; it does not list ${listed(strange)}.`);
  if (criticality === undefined) return missing('the criticality');
  return downtimeMinutes === undefined ? missing('the downtime in minutes') : null;
}

export function kindHonest({ change }: Judged): Finding | null {
  const { kind, downtimeMinutes } = change;
  const { manualSteps } = change.plan;
  if (kind === 'maintenance') return null;
  if (kind === undefined) return missing('the declared kind');
  const seen = [
    ...(manualSteps !== undefined && manualSteps > 0 ? [numberOf(manualSteps, 'manual step')] : []),
    ...(downtimeMinutes !== undefined && downtimeMinutes > 0
      ? [`${numberOf(downtimeMinutes, 'minute')} of downtime`]
      : []),
  ];
  if (seen.length > 0)
    return deny(`A service change has no manual step and no downtime; this one has ${listed(seen)}.`);
  if (manualSteps === undefined) return missing('the number of manual steps');
  if (downtimeMinutes === undefined) return missing('the downtime in minutes');
  return pass('It is declared a service change and has neither manual steps nor downtime.');
}
