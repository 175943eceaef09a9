import { RUN_TIMING } from '../../src/app/run/timing.ts';
import type { OutlineStep } from '../../src/kernel/run/outline.ts';
import type { Chance } from '../chance.ts';
import type { Execution, Watch } from './invariants.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The process of a runner, and its keeper beside it, on a host that can die or stand still. */
export interface Host {
  readonly alive: () => boolean;
  /** By how much its clock is off. */
  skewMs: number;
  /** Waits as the runner's process does: for ever where it is dead, longer where it stands still. */
  sleep(ms: number): Promise<void>;
  /** Goes on once the runner does. */
  here<T>(value: Promise<T>): Promise<T>;
  kill(): void;
  stand(ms: number): void;
  /** Tells the keeper how long the lease lasts. */
  lease(remainingMs: number): void;
  execute(wish: Wish): { readonly stop: (because: string) => void; readonly ended: Promise<Ended> };
}

export interface Wish {
  readonly step: OutlineStep;
  readonly execution: Execution;
  readonly lastsMs: number;
  readonly good: boolean;
}

/** What came of an execution; `refused`: it was not begun. */
export type Ended =
  | { readonly how: 'well' | 'badly' | 'timed-out' | 'refused' }
  | { readonly how: 'stopped'; readonly because: string };

const NEVER = new Promise<never>(() => undefined);

export function hostOf(time: VirtualTime, chance: Chance, watch: Watch): Host {
  let dead = false;
  let standsUntil = 0;
  let keeperEndsAt = Infinity;
  let current: { readonly stop: (because: string) => void; readonly interruptible: boolean } | null = null;
  const awake = async (): Promise<void> => {
    if (dead) return NEVER;
    if (standsUntil <= time.now()) return;
    await time.sleep(standsUntil - time.now());
    return awake();
  };
  const guard = () => {
    const at = keeperEndsAt;
    if (at === Infinity) return;
    void time.sleep(at - RUN_TIMING.killGraceMs - time.now()).then(() => {
      if (keeperEndsAt === at && current?.interruptible === true) current.stop('the lease was about to end');
    });
  };
  return {
    alive: () => !dead,
    skewMs: 0,
    sleep: async (ms) => {
      await time.sleep(ms);
      await awake();
    },
    here: async (value) => {
      const got = await value;
      await awake();
      return got;
    },
    kill: () => {
      dead = true;
      if (current?.interruptible === true) current.stop('the runner is gone');
    },
    stand: (ms) => {
      standsUntil = Math.max(standsUntil, time.now() + ms);
    },
    lease: (remainingMs) => {
      keeperEndsAt = time.now() + remainingMs;
      guard();
    },
    execute: (wish) => {
      // The keeper's own look at the lease: a runner that stood still may tell what it decided before.
      if (keeperEndsAt - time.now() <= RUN_TIMING.killGraceMs)
        return { stop: () => undefined, ended: Promise.resolve({ how: 'refused' }) };
      const running = executing(time, chance, watch, wish);
      current = { stop: running.stop, interruptible: wish.step.interruptible };
      void running.ended.then(() => (current = null));
      guard();
      return running;
    },
  };
}

/** A program that ends by itself, by its time-out, or where it is told to, each a while later. */
function executing(
  time: VirtualTime,
  chance: Chance,
  watch: Watch,
  { step, execution, lastsMs, good }: Wish,
) {
  const ended = Promise.withResolvers<Ended>();
  let over = false;
  let stopping = false;
  watch.begins(execution);
  const end = async (how: Ended, afterMs: number) => {
    await time.sleep(afterMs);
    if (over) return;
    over = true;
    watch.ends(execution);
    ended.resolve(how);
  };
  // TERM, then KILL, then the cancel action, which has as long as TERM had.
  const slow = () => chance.oneOf([10, RUN_TIMING.killGraceMs, 2 * RUN_TIMING.killGraceMs]);
  const intime = lastsMs < step.timeoutMs;
  void end({ how: good ? 'well' : 'badly' }, intime ? lastsMs : Infinity);
  if (!intime) void end({ how: 'timed-out' }, step.timeoutMs + slow());
  return {
    ended: ended.promise,
    stop: (because: string) => {
      if (stopping || over || !step.interruptible) return;
      stopping = true;
      void end({ how: 'stopped', because }, slow());
    },
  };
}
