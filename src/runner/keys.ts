import type { ReadStream } from 'node:tty';

/** The keyboard of a terminal, one key at a time. */
export interface Keys {
  /** Hands on each key until that is undone; nothing comes where there is no terminal. Ctrl-C stays the interrupt that it is. */
  listen(take: (key: string) => void): () => void;
  /** Leaves the keyboard to work that reads whole lines. */
  aside<T>(work: () => Promise<T>): Promise<T>;
}

const INTERRUPT = '\x03';

/** The keys of this terminal. */
export function openKeys(input: ReadStream): Keys {
  let take: ((key: string) => void) | null = null;
  const onData = (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    if (text.includes(INTERRUPT)) process.kill(process.pid, 'SIGINT');
    // An arrow or another key of several characters begins with an escape and means nothing here.
    else if (!text.startsWith('\x1b')) for (const key of text) take?.(key);
  };
  const on = () => {
    input.setRawMode(true);
    input.on('data', onData);
    input.resume();
  };
  const off = () => {
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  };
  return {
    listen: (taker) => {
      if (!input.isTTY) return () => undefined;
      take = taker;
      on();
      return () => {
        take = null;
        off();
      };
    },
    aside: async (work) => {
      if (take === null) return work();
      off();
      try {
        return await work();
      } finally {
        // Over in the meantime: nobody listens any more.
        if (take !== null) on();
      }
    },
  };
}
