import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ShiftEvent } from '../../app/ports/shift-calendar.ts';
import type { EventsQuestion } from './events.ts';

const MEMORY_MB = 192;

/**
 * Reads a calendar in a thread of its own: whoever writes it could have it recur every second for a thousand years, and no other
 * work may wait for that.
 *
 * @throws {Error} where it is no calendar, or takes too much time or memory.
 */
export async function readAside(question: EventsQuestion, timeoutMs: number): Promise<ShiftEvent[]> {
  const file = new URL(`./events-worker${path.extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, {
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    // What it says is said by its answer.
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<ShiftEvent[]>();
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('expected the calendar to be read, got no answer')));
  const limit = setTimeout(
    () => reject(new Error(`expected a calendar that is read within ${timeoutMs / 1_000} s, got none`)),
    timeoutMs,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    await worker.terminate();
  }
}
