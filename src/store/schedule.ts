import type { Logger, Runner, RunnerOptions } from 'graphile-worker';
import type { Pool } from 'pg';
import { patientPool } from './patient-pool.ts';

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
  /** Resolves, with why, where it ended by itself; or when it was stopped. */
  readonly ended: Promise<string>;
  /** Ends it, once the jobs under way are done. */
  stop(): Promise<void>;
}

const CONNECTIONS = 3;
const AGAIN_MS = 5_000;
/** What became of a job is told to the database for as long as that, when the server stops. */
const STOP_WITHIN_MS = 3_000;

/** The scheduler, begun again where it does not start or ends by itself. */
export function keepSchedule(
  url: string,
  jobs: readonly ScheduledJob[],
  { log, againMs = AGAIN_MS }: { readonly log: ScheduleLog; readonly againMs?: number },
): Pick<Schedule, 'stop'> {
  const told = new AbortController();
  const keep = async () => {
    while (!told.signal.aborted) {
      const why = await runOnce(url, jobs, { log, told: told.signal });
      if (told.signal.aborted) return;
      log.error({ error: why }, `the scheduler does not run, trying again in ${againMs / 1_000} s`);
      await pause(againMs, told.signal);
    }
  };
  const kept = keep();
  return {
    stop: async () => {
      told.abort();
      await kept;
    },
  };
}

/** Runs it until it ends or is told to; gives why. */
async function runOnce(
  url: string,
  jobs: readonly ScheduledJob[],
  { log, told }: { readonly log: ScheduleLog; readonly told: AbortSignal },
): Promise<string> {
  try {
    const schedule = await startSchedule(url, jobs, log);
    const stopped = new Promise<string>((resolve) => {
      told.addEventListener('abort', () => resolve('it was stopped'), { once: true });
      if (told.aborted) resolve('it was stopped');
    });
    const why = await Promise.race([schedule.ended, stopped]);
    await schedule.stop();
    return why;
  } catch (error) {
    return String(error);
  }
}

/**
 * Runs jobs by the clock, each turn once over all servers of one database. One that fails is tried again, later each time, up
 * to five times; then the next turn does it. The next turn also does what a server was at that died. Keeps its own tables in the
 * schema `graphile_worker`.
 */
export async function startSchedule(
  url: string,
  jobs: readonly ScheduledJob[],
  log: ScheduleLog,
): Promise<Schedule> {
  const pool = patientPool(url, CONNECTIONS, (error) =>
    log.warn({ error: error.message }, "a connection of the scheduler's broke"),
  );
  try {
    const runner = await runJobs(pool, jobs, log);
    const ended = runner.promise.then(() => 'it ended', String);
    return {
      ended,
      stop: async () => {
        const all = runner
          .stop()
          .catch(alreadyEnded)
          .then(() => pool.end());
        if (await within(STOP_WITHIN_MS, all)) return;
        log.warn(
          {},
          'the scheduler could not end what it is at, as where its database is away: left as it is',
        );
        void pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Whether it is done in time. Nothing is left that keeps the process. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const done = await Promise.race([work.then(() => true), pause(ms, over.signal).then(() => false)]);
  over.abort();
  return done;
}

/** Ends early where the signal says so. */
function pause(ms: number, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    if (until.aborted) end();
    else until.addEventListener('abort', end, { once: true });
  });
}

async function runJobs(pool: Pool, jobs: readonly ScheduledJob[], log: ScheduleLog): Promise<Runner> {
  // Loaded when it is needed: a command that opens the database does not wait for it.
  const { Logger: WorkerLogger, parseCronItems, run } = await import('graphile-worker');
  const options: RunnerOptions = {
    pgPool: pool,
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
  return run(options);
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
