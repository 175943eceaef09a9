import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PlanRead, SentPlan } from './app/change/read-plan.ts';
import { refuse, type Outcome } from './app/outcome.ts';
import { AppError } from './contract/errors.ts';
import type { Policy } from './kernel/policy/policy.ts';

/** What a thread says of a plan that it was sent. */
export type Answered = { readonly outcome: Outcome<PlanRead> } | { readonly failure: string };

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

interface Job {
  readonly sent: SentPlan;
  readonly settle: (answered: Answered) => void;
}

/**
 * Reads plans in threads of their own (ADR 0103): reading is most of the work of opening a request, and whoever writes a plan
 * decides how much work it is. Nothing else waits for it: no gate, no grant, no veto. One thread a core but one; each is
 * started when the first plan comes that finds no other free, and started anew where a plan exceeded a limit.
 */
export function readPlansAside(policy: Policy, limits: PlanLimits = LIMITS): PlansAside {
  const most = Math.max(1, availableParallelism() - 1);
  const queue: Job[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const next = () => {
    while (queue.length > 0 && (idle.length > 0 || all.size < most)) {
      const worker = idle.pop() ?? started();
      const job = queue.shift();
      if (job) void done(worker, job);
    }
  };
  const started = () => {
    const worker = startThread(policy, limits);
    all.add(worker);
    worker.once('exit', () => {
      all.delete(worker);
      const index = idle.indexOf(worker);
      if (index !== -1) idle.splice(index, 1);
      next();
    });
    return worker;
  };
  const done = async (worker: Worker, job: Job) => {
    const { answered, reusable } = await readBy(worker, job.sent, limits);
    if (reusable) idle.push(worker);
    else await worker.terminate();
    job.settle(answered);
    next();
  };

  return {
    read: async (sent) => {
      const answered = await new Promise<Answered>((settle) => {
        queue.push({ sent, settle });
        next();
      });
      if ('outcome' in answered) return answered.outcome;
      throw new AppError('internal', 'expected a plan to be read', { cause: new Error(answered.failure) });
    },
    close: async () => {
      for (const { settle } of queue.splice(0)) settle({ failure: 'the server stops' });
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
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

/** Sends one plan to a thread that is idle. Whatever happens to the thread is an answer. */
async function readBy(
  worker: Worker,
  sent: SentPlan,
  { timeoutMs, memoryMb }: PlanLimits,
): Promise<{ answered: Answered; reusable: boolean }> {
  const { promise, resolve } = Promise.withResolvers<{ answered: Answered; reusable: boolean }>();
  const given = (answered: Answered) => resolve({ answered, reusable: true });
  const over = (answered: Answered) => resolve({ answered, reusable: false });
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

const tooMuch = (because: string): Answered => ({ outcome: refuse('invalid', because) });
