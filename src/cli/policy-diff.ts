import { policyDifferences } from '../kernel/policy/policy-difference.ts';
import type { PolicyDifference } from '../kernel/policy/policy-settings.ts';
import type { CliContext } from './context.ts';
import { loadPolicy } from './policy-source.ts';

/** `interlock policy diff A B`: what changes for whom, in words. */
export async function diffPolicies(context: CliContext, before: string, after: string): Promise<number> {
  const [old, now] = [await loadPolicy(context, before), await loadPolicy(context, after)];
  const differences = policyDifferences(old.policy, now.policy);
  if (differences.length === 0) context.stdout('Nothing changes for anybody.\n');
  for (const difference of differences) context.stdout(`${inWords(difference)}\n`);
  return 0;
}

function inWords({ whom, before, after }: PolicyDifference): string {
  const lines = [...(before === null ? [] : [`  - ${before}`]), ...(after === null ? [] : [`  + ${after}`])];
  const what = before === null ? 'new' : after === null ? 'no longer' : 'otherwise';
  return [`For ${whom}, ${what}:`, ...lines].join('\n');
}
