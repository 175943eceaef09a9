import { policyText } from '../contract/policies.ts';
import { policyFileDifferences } from '../documents/policy-difference.ts';
import type { PolicyRead } from '../documents/policy.ts';
import type { PolicyDifference } from '../kernel/policy/policy-settings.ts';
import { lineDifference } from '../plan/line-difference.ts';
import { readPolicyWithQueries } from '../plan/policy.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource } from './input.ts';
import { sha256 } from './policy-source.ts';

/** A policy that was in force on the server, by its number: `@3`. */
const IN_FORCE = /^@([1-9]\d{0,9})$/;

/** `interlock policy diff A B`: what changes for whom, in words, or line by line. Each is a file, or `@3` of `policy versions`. */
export async function diffPolicies(
  context: CliContext,
  [before, after]: readonly [string, string],
  { lines }: { readonly lines?: boolean },
): Promise<number> {
  const [old, now] = [await read(context, before), await read(context, after)];
  if (lines === true) {
    context.stdout(lineDifference(old.text, now.text).text);
    return 0;
  }
  const differences = policyFileDifferences(old, now);
  if (differences.length === 0) context.stdout('Nothing changes for anybody.\n');
  for (const difference of differences) context.stdout(`${inWords(difference)}\n`);
  return 0;
}

async function read(context: CliContext, name: string): Promise<PolicyRead & { readonly text: string }> {
  const number = IN_FORCE.exec(name)?.[1];
  const source =
    number === undefined
      ? await readSource(context, name)
      : { file: name, text: (await versionOf(context, number)).text };
  const found = readPolicyWithQueries(source, sha256);
  if (!found.ok) throw new InvalidInput(found.problems);
  return { ...found, text: source.text };
}

function versionOf(context: CliContext, number: string) {
  return context.client().ask('GET', `/api/v1/policies/${number}`, { answer: policyText });
}

function inWords({ whom, before, after }: PolicyDifference): string {
  const lines = [...(before === null ? [] : [`  - ${before}`]), ...(after === null ? [] : [`  + ${after}`])];
  const what = before === null ? 'new' : after === null ? 'no longer' : 'otherwise';
  return [`For ${whom}, ${what}:`, ...lines].join('\n');
}
