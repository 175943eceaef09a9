import type { AppContext } from './context.ts';

/**
 * Does the same for each of several, one after another, and gives the sum of what was done. One that fails is logged and counted under the
 * job's name, and keeps none of the others: it is tried again in the job's next turn.
 */
export async function eachByItself<T>(
  { log, metrics }: Pick<AppContext, 'log' | 'metrics'>,
  job: string,
  all: Iterable<T>,
  work: (one: T) => Promise<number>,
): Promise<number> {
  let done = 0;
  for (const one of all) {
    try {
      done += await work(one);
    } catch (error) {
      metrics.count('interlock_job_failures_total', { job });
      log.error({ job, error: String(error) }, 'a job failed for one of several; the others are done');
    }
  }
  return done;
}
