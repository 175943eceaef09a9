import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckResult } from '../contract/check.ts';
import { measureAllWatched } from './measure-all.ts';
import { ServerUnreachable } from './session.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

/** Answers after which this runner is no longer the run's: another took over, or the bastion or the person was shut out. */
const LOST: ReadonlySet<string> = new Set(['lease_lost', 'old_epoch', 'unauthenticated', 'forbidden']);

/**
 * Tells the server at regular times that the runner lives, renews the lease by its answers, and stops the step under way
 * when the server says so. Ends when `signal` does. No beat is repeated: the next one comes anyway.
 */
export async function beat(world: RunnerWorld, state: RunnerState, signal: AbortSignal): Promise<void> {
  const watching = watch(world, state, signal);
  while (!signal.aborted) {
    const sentAt = world.lease.now();
    try {
      await beatOnce(world, state, { sentAt, watched: watching.latest() });
    } catch (error) {
      if (!(error instanceof ServerUnreachable)) throw error;
    }
    checkLease(world, state);
    await pause(world.terms.heartbeatMs, signal);
  }
}

async function beatOnce(
  world: RunnerWorld,
  state: RunnerState,
  { sentAt, watched }: { readonly sentAt: number; readonly watched: readonly CheckResult[] },
): Promise<void> {
  const { working, epoch } = state;
  const answer = await world.session.heartbeat(world.run, {
    epoch,
    multiplexer: world.multiplexer,
    working,
    watched: [...watched],
  });
  // A beat that was under way when the run got a new epoch says nothing of it.
  if (epoch !== state.epoch) return;
  if (!answer.ok) {
    if (LOST.has(answer.refusal.code)) loseLease(world, state);
    return;
  }
  world.lease.renew(sentAt);
  world.keeper.lease(world.lease.remainingMs());
  state.version = answer.value.version;
  state.heard = answer.value.state;
  const { stop, denials } = answer.value;
  if (stop !== null) state.stop?.(stop.because);
  else if (working !== null && denials.length > 0) world.view.denied(denials);
}

/** The lease ran out here: what is under way is stopped as it says of itself, and nothing else is begun. */
function checkLease(world: RunnerWorld, state: RunnerState): void {
  if (world.lease.remainingMs() > world.terms.killGraceMs) return;
  if (!state.lost)
    world.view.note('! the server has not answered and the lease is about to end: nothing else is begun');
  loseLease(world, state);
}

function loseLease(world: RunnerWorld, state: RunnerState): void {
  state.lost = true;
  state.stop?.('the lease was lost');
  world.lease.end();
}

/** Measures the watched metrics now and then while a step is under way; each measurement goes along with one beat. */
function watch(
  world: RunnerWorld,
  state: RunnerState,
  signal: AbortSignal,
): { latest(): readonly CheckResult[] } {
  let latest: readonly CheckResult[] = [];
  const run = async () => {
    while (!signal.aborted && world.plan.watch.length > 0) {
      await pause(world.terms.watchEveryMs, signal);
      if (state.working !== null && !signal.aborted) latest = await measureAllWatched(world, signal);
    }
  };
  void run();
  return {
    latest: () => {
      const taken = latest;
      latest = [];
      return taken;
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
