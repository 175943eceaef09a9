import type { Logger, Runner, RunnerOptions } from 'graphile-worker';

/** Work that is done once each time it is due, however many servers there are. */
export interface ScheduledJob {
  /** Of small letters and dashes; the database knows it by this name. */
  readonly name: string;
  /** When, as a line of cron in UTC: `* * * * *` is every minute. */
  readonly cron: string;
  readonly work: () => Promise<unknown>;
}

/** Where the scheduler says what happened. */
export interface ScheduleLog {
  info(fields: Readonly<Record<string, unknown>>, text: string): void;
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
  error(fields: Readonly<Record<string, unknown>>, text: string): void;
}

/** A running scheduler. */
export interface Schedule {
  /** Ends it, once the jobs under way are done. */
  stop(): Promise<void>;
}

/**
 * Runs jobs by the clock, each turn once over all servers of one database. One that fails is tried again, later each time, up
 * to five times; then the next turn does it. Keeps its own tables in the schema `graphile_worker`.
 */
export async function startSchedule(
  url: string,
  jobs: readonly ScheduledJob[],
  log: ScheduleLog,
): Promise<Schedule> {
  // Loaded when it is needed: a command that opens the database does not wait for it.
  const { Logger: WorkerLogger, parseCronItems, run } = await import('graphile-worker');
  const options: RunnerOptions = {
    connectionString: url,
    maxPoolSize: 3,
    concurrency: 2,
    // `serve` stops what it started, in its order.
    noHandleSignals: true,
    logger: loggerOf(WorkerLogger, log),
    taskList: Object.fromEntries(jobs.map(({ name, work }) => [name, async () => void (await work())])),
    parsedCronItems: parseCronItems(
      jobs.map(({ name, cron }) => ({
        task: name,
        match: cron,
        identifier: name,
        // A turn that is still waiting when the next comes is the same work.
        options: { maxAttempts: 5, jobKey: name, jobKeyMode: 'preserve_run_at', backfillPeriod: 0 },
      })),
    ),
  };
  const runner: Runner = await run(options);
  // A scheduler that ends by itself is heard of; without a listener the refusal would end the process.
  runner.promise.catch((error: unknown) => log.error({ error: String(error) }, 'the scheduler ended'));
  return { stop: () => runner.stop().catch(alreadyEnded) };
}

/** It may have lost its database before it is told to stop. */
function alreadyEnded(error: unknown): void {
  if (!/not currently running|already stopped/i.test(String(error))) throw error;
}

function loggerOf(WorkerLogger: typeof Logger, log: ScheduleLog): Logger {
  return new WorkerLogger((scope) => (level, message) => {
    const fields = { job: scope.taskIdentifier ?? 'scheduler' };
    if (level === 'error') log.error(fields, message);
    if (level === 'warning') log.warn(fields, message);
  });
}
