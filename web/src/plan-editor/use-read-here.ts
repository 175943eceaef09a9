import { useEffect, useRef, useState } from 'react';
import type { ReadHere, Written } from './read-here.ts';

/** After the last key; the server is asked later. */
const REST_MS = 150;
/** A plan that takes longer is the server's alone to read. */
const LONGEST_MS = 5_000;

/** What this browser by itself says of a text, once it has rested; the last answer until then. */
export function useReadHere(written: Written): ReadHere | null {
  const [read, setRead] = useState<ReadHere | null>(null);
  const reader = useRef<Reader | null>(null);
  const { file, text, scripts, words } = written;
  useEffect(() => {
    const rest = setTimeout(() => {
      reader.current ??= startReader();
      reader.current.read({ file, text, scripts, words }, setRead, () => {
        reader.current = null;
      });
    }, REST_MS);
    return () => {
      clearTimeout(rest);
      // What it reads is old by now.
      if (reader.current?.isReading() !== true) return;
      reader.current.end();
      reader.current = null;
    };
  }, [file, text, scripts, words]);
  useEffect(() => () => reader.current?.end(), []);
  return read;
}

interface Reader {
  readonly read: (written: Written, done: (read: ReadHere) => void, failed: () => void) => void;
  readonly isReading: () => boolean;
  readonly end: () => void;
}

function startReader(): Reader {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), { type: 'module' });
  let reading: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(reading);
    worker.terminate();
  };
  return {
    read(written, done, failed) {
      const fail = () => {
        end();
        failed();
      };
      reading = setTimeout(fail, LONGEST_MS);
      const heard = ({ data }: MessageEvent<ReadHere>) => {
        clearTimeout(reading);
        reading = undefined;
        done(data);
      };
      worker.addEventListener('message', heard, { once: true });
      worker.addEventListener('error', fail, { once: true });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it goes to a worker, not to a window
      worker.postMessage(written);
    },
    isReading: () => reading !== undefined,
    end,
  };
}
