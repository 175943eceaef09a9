import { RULES } from '../kernel/policy/rule.ts';
import type { PolicyRead } from '../documents/policy.ts';
import { readPolicyWithQueries } from '../plan/policy.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource } from './input.ts';
import { sha256 } from './policy-source.ts';

/** `interlock policy lint FILE…`: says what is wrong in policy files, or that they can be used. */
export async function lintPolicies(context: CliContext, files: readonly string[]): Promise<number> {
  const problems = [];
  for (const file of files) {
    const read = readPolicyWithQueries(await readSource(context, file), sha256);
    if (read.ok) context.stdout(`${file}: ${summary(read)}\n`);
    else problems.push(...read.problems);
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return 0;
}

function summary({ policy, file, digest }: PolicyRead): string {
  const off = RULES.filter((rule) => policy.rules[rule].level === 'off');
  const warned = RULES.filter((rule) => policy.rules[rule].level === 'warn');
  const parts = [
    `${policy.environments.size} environments`,
    `${RULES.length - off.length} of ${RULES.length} rules`,
    `${file.locks.length} locks`,
    ...(off.length > 0 ? [`off: ${off.join(', ')}`] : []),
    ...(warned.length > 0 ? [`only warn: ${warned.join(', ')}`] : []),
  ];
  return `${policy.name}, ${parts.join('; ')}; ${digest}`;
}
