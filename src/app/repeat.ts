import type { Log } from './context.ts';

/** Work that is done again and again beside the requests. */
export interface Repeated {
  /** Ends it, once what it is doing is done. */
  stop(): Promise<void>;
}

/** What to do, how often, and what it is called in the log. */
export interface Job {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
}

/** Does the work now and every so often, never twice at once. A failure is logged and tried again at the next turn. */
export function repeat(log: Log, { name, everyMs, work }: Job): Repeated {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const turn = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.warn({ job: name, error: String(error) }, 'a job failed; it will be tried again');
    }
    if (!stopped) timer = setTimeout(begin, everyMs);
  };
  let running: Promise<void> = Promise.resolve();
  const begin = () => {
    running = turn();
  };
  begin();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
