import type { TerminalPage } from '../../../src/contract/terminal.ts';
import { api, ApiError } from '../server/api.ts';
import { serverNow } from '../server/clock.ts';
import { grown, logOf, MOST_CHARACTERS, type TerminalLog } from './terminal-log.ts';

/** What is known of a terminal now. */
export interface FeedState {
  readonly log: TerminalLog | null;
  /**
   * `asking`: nothing came yet. `none`: the bastion has handed nothing in. `behind`: there is more than is here. `caught-up`: that
   * is all. `full`: there is more, and no room for it here. `lost`: the server does not answer; it goes on where it stopped.
   */
  readonly phase: 'asking' | 'none' | 'behind' | 'caught-up' | 'full' | 'lost';
  /** When the last of it came in at the server. */
  readonly endAt: string | null;
  readonly error: unknown;
}

/** A terminal that is read by pages, each from the byte where the last one ended: any server has the same bytes there. */
export interface Feed {
  readonly state: () => FeedState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Follows what comes, from some minutes ago on; what is here already is read on from. */
  readonly follow: () => void;
  /** Reads from an instant on as much as there is room for, and then no further. Epoch milliseconds; from the begin without it. */
  readonly lookAt: (at: number | null) => void;
  /** Leaves off; what is here stays. */
  readonly rest: () => void;
}

/** From how long ago whoever opens the page follows. */
const FOLLOW_FROM_MS = 10 * 60_000;
const NEXT_MS = 1_000;
const QUIET_MS = 3_000;
/** After so many pages with nothing in them it is asked less often. */
const QUIET_PAGES = 20;
const RETRY_MOST_MS = 10_000;
/** What a run that has ended may still hand in of its last words. */
const LAST_WORDS_MS = 30_000;

const NOTHING: FeedState = { log: null, phase: 'asking', endAt: null, error: null };

/** A reading that goes on; each `follow` and `lookAt` begins a new one, and what an older one still brings is dropped. */
interface Reading {
  readonly follows: boolean;
  readonly signal: AbortSignal;
  epoch: number | null;
  next: number;
  /** From when on, where the first page is asked by time. */
  at: number | null;
  retryMs: number;
  quiet: number;
}

export function openFeed(run: { readonly id: string; readonly startedAt: string }): Feed {
  let state = NOTHING;
  const listeners = new Set<() => void>();
  let reading: Reading | null = null;
  let stop = new AbortController();
  const tell = (next: Partial<FeedState>) => {
    state = { ...state, ...next };
    for (const one of listeners) one();
  };
  const begin = (wanted: Pick<Reading, 'follows' | 'at'> & Partial<Reading>) => {
    stop.abort();
    stop = new AbortController();
    reading = { epoch: null, next: 0, retryMs: NEXT_MS, quiet: 0, ...wanted, signal: stop.signal };
    void readOn(run, reading, () => state, tell);
  };
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    follow: () => {
      const goesOn = reading !== null && reading.epoch !== null && state.phase !== 'full';
      if (goesOn) return begin({ ...reading, follows: true, at: null });
      tell({ log: null, phase: 'asking' });
      begin({ follows: true, at: Math.max(Date.parse(run.startedAt), serverNow() - FOLLOW_FROM_MS) });
    },
    lookAt: (at) => {
      tell({ log: null, phase: 'asking' });
      begin({ follows: false, at });
    },
    rest: () => stop.abort(),
  };
}

type Run = Parameters<typeof openFeed>[0];

/** Reads page after page until it is told to stop, has all there is, or has no more room. */
async function readOn(
  run: Run,
  reading: Reading,
  state: () => FeedState,
  tell: (next: Partial<FeedState>) => void,
): Promise<void> {
  const { signal } = reading;
  while (!signal.aborted) {
    await seen(signal);
    try {
      const page = await api<TerminalPage>(`/runs/${run.id}/terminal?${queryOf(reading)}`, { signal });
      const log = takenIn(run, reading, state().log, page);
      const all = page.next >= page.end;
      const full = !reading.follows && log !== null && log.characters > MOST_CHARACTERS / 2;
      tell({ log, phase: all ? 'caught-up' : full ? 'full' : 'behind', endAt: page.endAt, error: null });
      if (full || (all && isOver(page))) return;
      if (all) await pause(reading.quiet > QUIET_PAGES ? QUIET_MS : NEXT_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const none = error instanceof ApiError && error.status === 404;
      tell({ phase: none ? 'none' : 'lost', error });
      await pause(reading.retryMs, signal);
      reading.retryMs = Math.min(2 * reading.retryMs, RETRY_MOST_MS);
    }
  }
}

function queryOf({ epoch, next, at }: Reading): URLSearchParams {
  if (epoch !== null) return new URLSearchParams({ epoch: String(epoch), from: String(next) });
  return new URLSearchParams(at === null ? {} : { at: new Date(at).toISOString() });
}

/** The log with a page; another runner begins another one. */
function takenIn(
  run: Run,
  reading: Reading,
  before: TerminalLog | null,
  page: TerminalPage,
): TerminalLog | null {
  const lines = page.text.split('\n').filter((line) => line !== '');
  reading.retryMs = NEXT_MS;
  reading.quiet = lines.length === 0 ? reading.quiet + 1 : 0;
  if (page.newest > page.epoch && page.next >= page.end && reading.follows) {
    Object.assign(reading, { epoch: page.newest, next: 0 });
  } else Object.assign(reading, { epoch: page.epoch, next: page.next });
  const whole = page.from === 0;
  const header = whole ? lines.shift() : page.header;
  const log = header ? logOf(header, { whole, begunAt: Date.parse(run.startedAt) }) : before;
  return log && grown(log, lines);
}

function isOver({ ended, endAt }: TerminalPage): boolean {
  return ended && (endAt === null || serverNow() - Date.parse(endAt) > LAST_WORDS_MS);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Until somebody looks: a hidden page asks nothing. */
function seen(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });
}
