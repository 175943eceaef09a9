import { readPolicy, type PolicyRead } from '../documents/policy.ts';
import type { Problem, Source } from '../documents/problem.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import { readQuery } from './promql.ts';

/** Reads a policy file with its queries: one that Prometheus would refuse, or that no lack of data can fail, is a problem too. */
export function readPolicyWithQueries(
  source: Source,
  hash: Hash,
): PolicyRead | { readonly ok: false; readonly problems: readonly Problem[] } {
  const read = readPolicy(source, hash);
  if (!read.ok) return read;
  const problems = Object.entries(read.file.errorBudgets).flatMap(([service, { query }]) => {
    const { invalid, forbidden } = query === null ? { invalid: null, forbidden: null } : readQuery(query);
    const flaw = invalid ?? forbidden;
    return flaw === null ? [] : [read.problemAt(['errorBudgets', service, 'query'], flaw.message)];
  });
  return problems.length > 0 ? { ok: false, problems } : read;
}
