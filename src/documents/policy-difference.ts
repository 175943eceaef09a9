import { durationText } from '../contract/duration.ts';
import type { PolicyFile } from '../contract/policy.ts';
import { canonicalJson } from '../kernel/ledger/canonical.ts';
import { policyDifferences } from '../kernel/policy/policy-difference.ts';
import type { PolicyDifference } from '../kernel/policy/policy-settings.ts';
import type { PolicyRead } from './policy.ts';

type Compared = Pick<PolicyRead, 'policy' | 'file'>;

/** What is otherwise from one policy to another, for whom, in words: what rules ask, and every number that no rule's text bears. */
export function policyFileDifferences(before: Compared, after: Compared): readonly PolicyDifference[] {
  return [
    ...policyDifferences(before.policy, after.policy),
    ...leafDifferences(beyondRules(before.file), beyondRules(after.file)),
  ];
}

/** What the kernel's words say nothing of. */
function beyondRules(file: PolicyFile) {
  const { name, connections, limits, graduation, monitoring, incidents, errorBudgets, releaseDay } = file;
  const bridges = Object.entries(file.severities).map(([severity, { bridge }]) => [severity, { bridge }]);
  return {
    name,
    connections,
    limits,
    graduation,
    monitoring,
    incidents,
    errorBudgets,
    releaseDay,
    lockDayBegins: file.lockDayBegins,
    severities: Object.fromEntries(bridges) as Readonly<Record<string, unknown>>,
  };
}

function leafDifferences(before: object, after: object): PolicyDifference[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((key) => old.get(key) !== now.get(key))
    .map((key) => ({
      whom: `the setting ${key}`,
      before: old.get(key) ?? null,
      after: now.get(key) ?? null,
    }));
}

/** Every plain value of a document by its path, in words; a list counts as one. */
function leavesOf(document: object, path = ''): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [key, value] of Object.entries(document)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [below, text] of leavesOf(value as object, here)) leaves.set(below, text);
    } else leaves.set(here, leafText(here, value));
  }
  return leaves;
}

/** Where a number is milliseconds. */
const LENGTHS_OF_TIME: readonly RegExp[] = [
  /^limits\./,
  /^graduation\.withoutIncident$/,
  /^monitoring\.(timeout|clockTolerance|scrapeInterval|resendDelay|flapping\.window|watchdog\.notifiedWithin)$/,
  /^incidents\.alertmanager\.(coolDown|every)$/,
];

function leafText(path: string, value: unknown): string {
  if (LENGTHS_OF_TIME.some((one) => one.test(path))) {
    if (typeof value === 'number') return durationText(value);
    if (Array.isArray(value)) return value.map((one) => durationText(Number(one))).join(', ');
  }
  if (value === null) return 'none';
  return typeof value === 'string' ? value : canonicalJson(value);
}
