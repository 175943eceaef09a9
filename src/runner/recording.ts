import { open } from 'node:fs/promises';
import { redactText } from './redact.ts';
import { openSession, type Transport } from './session.ts';

/** How much of a recording goes to the server at once, at most. */
const CHUNK_BYTES = 4 * 1_048_576;

/** Sends a recording while it grows: a runner that is killed leaves what was shown until a moment ago. */
export interface RecordingSender {
  /** Sends the whole lines that came since the last time, as the next chunk; false where the server did not take them. */
  send(): Promise<boolean>;
  /** Sends now and then until it is stopped; stopping sends the rest. */
  start(run: string, epoch: number): void;
  stop(): Promise<boolean>;
}

/** Chunks `terminal-1-00001.cast`, `terminal-1-00002.cast`, … of one epoch: one behind the other they are its recording. */
export function recordingSender(
  transport: Transport,
  file: string,
  { secrets, everyMs }: { readonly secrets: readonly string[]; readonly everyMs: number },
): RecordingSender {
  const session = openSession(transport);
  let of: { readonly run: string; readonly epoch: number } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let offset = 0;
  let chunk = 1;
  let sending: Promise<boolean> = Promise.resolve(true);
  const sendOnce = async (): Promise<boolean> => {
    for (;;) {
      const bytes = await wholeLines(file, offset);
      if (of === null || bytes.length === 0) return true;
      const clean = Buffer.from(redactText(bytes.toString('utf8'), secrets));
      const name = `terminal-${of.epoch}-${String(chunk).padStart(5, '0')}.cast`;
      try {
        await session.uploadFile(of.run, { kind: 'recording', name, bytes: clean });
      } catch {
        return false;
      }
      offset += bytes.length;
      chunk += 1;
    }
  };
  const send = () => (sending = sending.then(sendOnce, sendOnce));
  return {
    send,
    start: (run, epoch) => {
      of = { run, epoch };
      timer = setInterval(() => void send(), everyMs).unref();
    },
    stop: () => {
      clearInterval(timer);
      return send();
    },
  };
}

/** From there to the last line feed, as far as one chunk goes: a line that is being written is of the next one. */
async function wholeLines(file: string, from: number): Promise<Buffer> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, from);
    return buffer.subarray(0, buffer.lastIndexOf(0x0a, bytesRead - 1) + 1);
  } finally {
    await handle.close();
  }
}
