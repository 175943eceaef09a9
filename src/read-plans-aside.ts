import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { unpacked, type PackedPlan } from './app/change/packed-plan.ts';
import type { PlanRead, SentPlan } from './app/change/read-plan.ts';
import { done, refuse, type Outcome, type Refused } from './app/outcome.ts';
import { AppError } from './contract/errors.ts';
import type { Policy } from './kernel/policy/policy.ts';

/** What a thread says of each of the plans that it was sent. */
export type Answered =
  { readonly read: PackedPlan } | { readonly refused: Refused } | { readonly failure: string };

export interface PlansAside {
  /** Reads, lints and digests one plan. @throws {AppError} `internal` where reading fails for a reason that is not the plan's. */
  readonly read: (sent: SentPlan) => Promise<Outcome<PlanRead>>;
  /** Ends the threads; a plan that is being read then fails. */
  readonly close: () => Promise<void>;
}

/** Limits of one plan; a plan of ten thousand steps stays far below both. */
export interface PlanLimits {
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

const LIMITS: PlanLimits = { timeoutMs: 20_000, memoryMb: 512 };

/** Plans that wait are given to a thread together, as long as they are few and short: each is read in milliseconds then. */
const TOGETHER = { most: 8, characters: 100_000 };

interface Job {
  readonly sent: SentPlan;
  readonly settle: (answered: Answered) => void;
  /** Something went wrong while it was read beside others: by itself it is known whether that is its own. */
  readonly alone?: true;
}

/**
 * Reads plans in threads of their own (ADR 0103): reading is most of the work of opening a request, and whoever writes a plan
 * decides how much work it is. Nothing else waits for it: no gate, no grant, no veto. One thread a core but one; each is
 * started when the first plan comes that finds no other free, and started anew where a plan exceeded a limit. What waits while all
 * are at work is read together next, and answered together, so that it is filed together too (ADR 0143).
 */
export function readPlansAside(policy: Policy, limits: PlanLimits = LIMITS): PlansAside {
  const queue: Job[] = [];
  let closed = false;
  const threads = keptThreads(policy, limits, () => next());
  const next = () => {
    for (let worker; queue.length > 0 && (worker = threads.take());) {
      void readTogether(worker, queue.splice(0, fitsTogether(queue)));
    }
  };
  const readTogether = async (worker: Worker, jobs: readonly Job[]) => {
    const plans = jobs.map(({ sent }) => sent);
    const read = await readBy(worker, plans, limits);
    if ('answers' in read) threads.giveBack(worker);
    else await worker.terminate();
    for (const [place, job] of jobs.entries()) {
      if ('answers' in read) job.settle(read.answers[place] ?? { failure: 'expected an answer, got none' });
      else if (jobs.length === 1 || closed) job.settle(read.failed);
      else queue.push({ ...job, alone: true });
    }
    next();
  };

  return {
    read: async (sent) => {
      const answered = await new Promise<Answered>((settle) => {
        queue.push({ sent, settle });
        next();
      });
      if ('read' in answered) return done(unpacked(answered.read, sent));
      if ('refused' in answered) return answered.refused;
      throw new AppError('internal', 'expected a plan to be read', { cause: new Error(answered.failure) });
    },
    close: async () => {
      closed = true;
      for (const { settle } of queue.splice(0)) settle({ failure: 'the server stops' });
      await threads.end();
    },
  };
}

/** One thread a core but one, each started when there is work that no other is free for; `changed` is told when one ended. */
function keptThreads(policy: Policy, limits: PlanLimits, changed: () => void) {
  const most = Math.max(1, availableParallelism() - 1);
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const started = () => {
    const worker = startThread(policy, limits);
    all.add(worker);
    worker.once('exit', () => {
      all.delete(worker);
      const index = idle.indexOf(worker);
      if (index !== -1) idle.splice(index, 1);
      changed();
    });
    return worker;
  };
  return {
    take: () => idle.pop() ?? (all.size < most ? started() : null),
    giveBack: (worker: Worker) => idle.push(worker),
    end: () => Promise.all([...all].map((worker) => worker.terminate())),
  };
}

function startThread(policy: Policy, { memoryMb }: PlanLimits): Worker {
  const file = new URL(`./read-plan-thread${path.extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, {
    workerData: policy,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  // What happens to it is read from its exit; without a listener an error would end the server.
  worker.on('error', () => undefined);
  // An idle thread keeps no program from ending.
  worker.unref();
  return worker;
}

/** How many of those who wait are read by one thread in one go, from the first on. */
function fitsTogether(queue: readonly Job[]): number {
  let characters = 0;
  const end = queue.findIndex(({ sent, alone }, place) => {
    characters += lengthOf(sent);
    return (
      place > 0 && (place === TOGETHER.most || alone || queue[0]?.alone || characters > TOGETHER.characters)
    );
  });
  return end === -1 ? queue.length : end;
}

function lengthOf({ plan, scripts }: SentPlan): number {
  return Object.values(scripts).reduce((sum, { length }) => sum + length, plan.length);
}

type Read = { readonly answers: readonly Answered[] } | { readonly failed: Answered };

/** Sends plans to a thread that is idle. Whatever happens to the thread is an answer. */
async function readBy(
  worker: Worker,
  sent: readonly SentPlan[],
  { timeoutMs, memoryMb }: PlanLimits,
): Promise<Read> {
  const { promise, resolve } = Promise.withResolvers<Read>();
  const given = (answers: readonly Answered[]) => resolve({ answers });
  const over = (failed: Answered) => resolve({ failed });
  const failed = (error: Error) =>
    over(
      'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? tooMuch(`expected a plan that is read with ${memoryMb} MB of memory, got one that takes more`)
        : { failure: error.stack ?? error.message },
    );
  const ended = () => over({ failure: 'the thread that read it ended' });
  const limit = setTimeout(
    () =>
      over(tooMuch(`expected a plan that is read within ${timeoutMs / 1_000} s, got one that takes longer`)),
    timeoutMs,
  );
  worker.ref();
  worker.once('message', given).once('error', failed).once('exit', ended);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it goes to a thread, not to a window
  worker.postMessage(sent);
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    worker.off('message', given).off('error', failed).off('exit', ended);
    worker.unref();
  }
}

const tooMuch = (because: string): Answered => ({ refused: refuse('invalid', because) });
