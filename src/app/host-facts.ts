import { bastionStands } from '../store/bastions.ts';
import type { Transaction } from '../store/database.ts';
import type { HostFacts } from './facts.ts';

/** Which of these hosts, proven when their calls came, are still registered so. */
export async function hostsThatStand(
  tx: Transaction,
  asked: readonly (HostFacts | null)[],
): Promise<ReadonlySet<string>> {
  const hosts = new Map(asked.flatMap((host) => (host === null ? [] : [[hostKey(host), host] as const])));
  const standing = await Promise.all(
    [...hosts].map(async ([key, host]) => ((await bastionStands(tx, host)) ? [key] : [])),
  );
  return new Set(standing.flat());
}

/** The key was proven when the call came; monitoring may have been asked for seconds since. */
export async function hostIfItStands(tx: Transaction, host: HostFacts | null): Promise<HostFacts | null> {
  return host !== null && (await bastionStands(tx, host)) ? host : null;
}

export function hostKey({ name, role, environment }: HostFacts): string {
  return JSON.stringify([name, role, environment]);
}
