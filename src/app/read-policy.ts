import { formatProblem } from '../documents/problem.ts';
import { readPolicyWithQueries } from '../plan/policy.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import type { PolicyInForce } from './context.ts';

/** A policy file cannot be used. Each problem is one line, `file:line:column: message`. */
export class BadPolicy extends Error {
  override readonly name = 'BadPolicy';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The policy to enforce, from its text. @throws {BadPolicy} */
export function policyInForce(path: string, text: string, hash: Hash): PolicyInForce {
  const read = readPolicyWithQueries({ file: path, text }, hash);
  if (!read.ok) throw new BadPolicy(read.problems.map(formatProblem));
  return { policy: read.policy, file: read.file, digest: read.digest, path, text };
}
