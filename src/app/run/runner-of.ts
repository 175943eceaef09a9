import type { Call } from '../actor.ts';
import { refuse, type Refused } from '../outcome.ts';
import type { RunFile } from './run-file.ts';

/**
 * Why a runner that bears this epoch is not the one that holds the run, or `null` if it is. `late`: it once was, so what
 * it brings is kept, and changes nothing.
 */
export function notTheRunner(
  file: RunFile,
  call: Call,
  epoch: number,
): { readonly late: boolean; readonly refused: Refused } | null {
  const { run, now } = file;
  const { person, host } = call.actor;
  if (epoch < run.epoch) {
    return { late: true, refused: refuse('old_epoch', `expected epoch ${run.epoch}, got \`${epoch}\``) };
  }
  // A name can be registered anew, for another environment.
  const there = host?.name === run.runner.host && host.environment === run.runner.hostEnvironment;
  if (epoch > run.epoch || person !== run.runner.person || !there) {
    const wanted = `${run.runner.person} on ${run.runner.host} of ${run.runner.hostEnvironment} with epoch ${run.epoch}`;
    const because = `expected ${wanted}, got \`${person}\` on \`${host?.name ?? 'no bastion'}\` with \`${epoch}\``;
    return { late: false, refused: refuse('not_permitted', because) };
  }
  if (run.endedAt !== null)
    return { late: true, refused: refuse('lease_lost', `${run.id} has ended: ${run.state}`) };
  if (run.leaseExpiresAt === null || run.leaseExpiresAt < now) {
    return {
      late: true,
      refused: refuse('lease_lost', 'expected a runner that holds the lease, got one that lost it'),
    };
  }
  return null;
}
