import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PolicyRead } from '../documents/policy.ts';
import { readPolicyWithQueries } from '../plan/policy.ts';
import type { CliContext } from './context.ts';
import { InvalidInput, readSource } from './input.ts';

/** SHA-256, as the kernel wants its hash function. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** The policy that ships with the product; the sources and the compiled package lie at different depths. */
export function shippedPolicyFile(): string {
  const candidates = ['../../policies/illumidesk.yaml', '../../../policies/illumidesk.yaml'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return candidates.find((path) => existsSync(path)) ?? (candidates[0] as string);
}

/** Loads the policy that a command asks: the one named, or the shipped one. */
export async function loadPolicy(context: CliContext, file: string | undefined): Promise<PolicyRead> {
  const read = readPolicyWithQueries(await readSource(context, file ?? shippedPolicyFile()), sha256);
  if (!read.ok) throw new InvalidInput(read.problems);
  return read;
}
