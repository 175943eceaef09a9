import { policyFile, type PolicyFile } from '../contract/policy.ts';
import type { Hash } from '../kernel/ledger/hash.ts';
import type { Policy } from '../kernel/policy/policy.ts';
import { documentDigest } from './digest.ts';
import { compilePolicy, type PolicyFlaw } from './policy-compile.ts';
import type { Problem, Source } from './problem.ts';
import { readDocument } from './read.ts';

/** A policy that was read: laid out for asking, as it was written, and its digest. */
export type PolicyRead = {
  readonly ok: true;
  readonly policy: Policy;
  /** With every default filled in: what the server reads its settings from. */
  readonly file: PolicyFile;
  /** `sha256:<hex>` of the file's canonical JSON. */
  readonly digest: string;
};

/** A policy with the means to find fault with a part of its file, at its line and column. */
type PolicyLocated = PolicyRead & {
  readonly problemAt: (path: readonly PropertyKey[], message: string) => Problem;
};

/**
 * Reads a policy file. What the shape allows and the meaning does not (a lock that never happens, hours that
 * overlap, a release day without its lock) is a problem too, with its line and column. Never throws for what a
 * person wrote.
 */
export function readPolicy(
  source: Source,
  hash: Hash,
): PolicyLocated | { readonly ok: false; readonly problems: readonly Problem[] } {
  const read = readDocument(policyFile, source);
  if (!read.ok) return read;
  const flaws: PolicyFlaw[] = [];
  const policy = compilePolicy(read.value, (path, message) => flaws.push({ path, message }));
  if (flaws.length > 0) {
    return { ok: false, problems: flaws.map(({ path, message }) => read.problemAt(path, message)) };
  }
  return {
    ok: true,
    policy,
    file: read.value,
    digest: documentDigest(read.written, hash),
    problemAt: read.problemAt,
  };
}
