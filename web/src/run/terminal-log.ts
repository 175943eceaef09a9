/** One event of a recording: seconds from its begin, what it is, what came. */
export type TerminalEvent = readonly [at: number, code: string, data: string];

/** What is held here of a terminal, no more than so much: the oldest goes first. */
export interface TerminalLog {
  readonly columns: number;
  readonly rows: number;
  /** When the recording began, epoch milliseconds. */
  readonly begunAt: number;
  readonly version: 2 | 3;
  readonly events: readonly TerminalEvent[];
  /** How many events went before the first that is held: `events[0]` has this place since the log was begun. */
  readonly gone: number;
  readonly characters: number;
  /** Whether it begins where the recording does. */
  readonly whole: boolean;
}

/** What a page holds at most. Whatever is older is asked for by its time. */
export const MOST_CHARACTERS = 4 * 1_048_576;

/** A log that begins with this header. */
export function logOf(
  header: string,
  { whole, begunAt }: { readonly whole: boolean; readonly begunAt: number },
): TerminalLog {
  const { version, width, height, term, timestamp } = JSON.parse(header) as Header;
  return {
    columns: width ?? term?.cols ?? 80,
    rows: height ?? term?.rows ?? 24,
    begunAt: timestamp === undefined ? begunAt : timestamp * 1_000,
    version: version === 3 ? 3 : 2,
    events: [],
    gone: 0,
    characters: 0,
    whole,
  };
}

interface Header {
  readonly version?: number;
  readonly width?: number;
  readonly height?: number;
  readonly term?: { readonly cols?: number; readonly rows?: number };
  readonly timestamp?: number;
}

/** The log with what these lines say. */
export function grown(log: TerminalLog, lines: readonly string[]): TerminalLog {
  let last = log.events.at(-1)?.[0] ?? 0;
  const fresh = lines.map((line): TerminalEvent => {
    const [time, code, data] = JSON.parse(line) as [number, string, unknown];
    // Version 3 says how long after the one before.
    last = log.version === 3 ? last + time : time;
    return [last, code, String(data)];
  });
  return trimmed({
    ...log,
    events: [...log.events, ...fresh],
    characters: log.characters + fresh.reduce((sum, [, , data]) => sum + data.length, 0),
  });
}

function trimmed(log: TerminalLog): TerminalLog {
  if (log.characters <= MOST_CHARACTERS) return log;
  let characters = log.characters;
  let first = 0;
  // A fifth at once: not each page moves the whole list.
  while (characters > MOST_CHARACTERS * 0.8 && first < log.events.length - 1) {
    characters -= log.events[first]?.[2].length ?? 0;
    first += 1;
  }
  return { ...log, events: log.events.slice(first), gone: log.gone + first, characters, whole: false };
}

/** The instants between which it holds something, epoch milliseconds; `null` where it holds nothing yet. */
export function spanOf({ begunAt, events }: TerminalLog): readonly [from: number, to: number] | null {
  const [first, last] = [events[0], events.at(-1)];
  return first && last ? [begunAt + first[0] * 1_000, begunAt + last[0] * 1_000] : null;
}
