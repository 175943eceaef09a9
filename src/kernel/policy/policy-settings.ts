import { HOUR_MS } from '../calendar/hours.ts';
import { formatInstant } from '../calendar/instant.ts';
import type { Lock } from './facts.ts';
import type { Policy } from './policy.ts';

/** One thing that is otherwise under the second policy, and for whom; `null` where there is nothing. */
export type PolicyDifference = {
  readonly whom: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** What a policy sets, in words; `exact` tells two settings apart that read alike. */
type Setting = { readonly text: string; readonly exact: string };

/** What two policies set differently beside what they ask for. */
export function settingDifferences(before: Policy, after: Policy): PolicyDifference[] {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((key) => old.get(key)?.exact !== now.get(key)?.exact)
    .map((key) => ({ whom: key, before: old.get(key)?.text ?? null, after: now.get(key)?.text ?? null }));
}

function settingsOf(policy: Policy): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  const put = (key: string, text: string, exact = text) => settings.set(key, { text, exact });
  for (const [name, { operational, monitoring }] of policy.environments) {
    put(
      `environment ${name}`,
      operational ? `operational, monitored by ${monitoring.join(', ')}` : 'not operational',
    );
  }
  for (const [topic, floor] of policy.topics) put(`topic ${topic}`, `at least ${floor}`);
  for (const service of policy.errorBudgets)
    put(`service ${service}`, 'a budget that cannot be read counts as burnt');
  put(
    'an emergency',
    `approved by ${policy.approvals.emergency.inWords}; still stops for ${sorted(policy.emergency.keeps)}`,
  );
  put('dead metrics', `stop nothing that repairs an incident of ${sorted(policy.emergency.critical)}`);
  put('a lock exemption', `given by ${policy.approvals.exemption.inWords}`);
  for (const [environment, { soft, hard }] of policy.locks) {
    for (const [id, locks] of byId([...soft.spans, ...hard.spans])) {
      put(`lock ${id} in ${environment}`, lockInWords(locks), JSON.stringify(locks));
    }
  }
  return settings;
}

function sorted(names: ReadonlySet<string>): string {
  return [...names].toSorted().join(', ');
}

function byId(locks: readonly Lock[]): Map<string, Lock[]> {
  const found = new Map<string, Lock[]>();
  for (const lock of locks) {
    const same = found.get(lock.id ?? '') ?? [];
    same.push(lock);
    found.set(lock.id ?? '', same);
  }
  return found;
}

function lockInWords(locks: readonly Lock[]): string {
  const [first] = locks;
  if (first === undefined) return 'never';
  const { kind, start, end } = first;
  if (locks.length === 1) return `${kind}, ${formatInstant(start)} to ${formatInstant(end)}`;
  return `${kind}, ${locks.length} times for ${(end - start) / HOUR_MS} hours, first at ${formatInstant(start)}`;
}
