import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { Connection, Seen } from '../../app/ports/connection.ts';
import type { Looking, ScheduleQuestion } from '../../app/ports/on-call.ts';
import type { ShiftEvent } from '../../app/ports/shift-calendar.ts';
import { RAW_LIMIT } from '../../contract/monitoring.ts';
import { jsonOf } from '../peer/ask.ts';
import { instantOf } from '../timeline/span.ts';
import { shiftsOfTimeline } from '../timeline/timeline.ts';

const DAY_MS = 86_400_000;
const AHEAD_MS = 180 * DAY_MS;
const MAX_BYTES = 2 * 1_048_576;
/** A file lies on this host; one on a network's disk that does not answer is not waited for. */
const READ_MS = 2_000;
/** Clocks of two hosts may differ by so much. */
const AHEAD_OF_US_MS = 60_000;
const NAME = 'rota-files';

/** Who is on call by files of this host, each by its name in the configuration: JSON of the form of a timeline of Opsgenie. */
export function rotaFilesConnection(files: Readonly<Record<string, string>>): Connection {
  const names = Object.keys(files);
  return {
    name: NAME,
    peer: `files ${names.join(', ')}`,
    offers: {
      onCall: {
        aheadMs: AHEAD_MS,
        isHere: true,
        shifts: (question, looking) => shiftsOf(files, question, looking),
      },
    },
    hears: null,
    test: async (signal) => {
      const said: string[] = [];
      for (const name of names) {
        const seen = await timelineOf(files, name, { signal });
        if (seen.kind !== 'seen') return seen;
        const { shifts, writtenAt } = seen.found;
        said.push(`\`${name}\` has ${shifts.length} shifts, written at ${new Date(writtenAt).toISOString()}`);
      }
      return { kind: 'taken', receipt: said.join('; ') };
    },
  };
}

async function shiftsOf(
  files: Readonly<Record<string, string>>,
  { schedule, from, writtenSince }: ScheduleQuestion,
  looking: Looking,
): Promise<Seen<readonly ShiftEvent[]>> {
  const seen = await timelineOf(files, schedule, looking);
  if (seen.kind !== 'seen') return seen;
  const { shifts, writtenAt } = seen.found;
  const written = new Date(writtenAt).toISOString();
  if (writtenAt < writtenSince)
    return refused(
      `expected the file of \`${schedule}\` written since ${new Date(writtenSince).toISOString()}, got one of ${written}`,
    );
  if (writtenAt > from + AHEAD_OF_US_MS)
    return refused(`expected the file of \`${schedule}\` written by now, got one of ${written}`);
  return { kind: 'seen', found: shifts };
}

interface Timeline {
  readonly shifts: readonly ShiftEvent[];
  /** When it was written, by its file and, where that says so, by itself: the earlier one. Epoch milliseconds. */
  readonly writtenAt: number;
}

const dated = z.object({ writtenAt: z.string().optional() });

async function timelineOf(
  files: Readonly<Record<string, string>>,
  name: string,
  { signal, note }: Pick<Looking, 'signal'> & Partial<Pick<Looking, 'note'>>,
): Promise<Seen<Timeline>> {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined)
    return refused(`expected a name of \`${NAME}\` in integrations.yaml, got \`${name}\``);
  const request = `read ${name}`;
  try {
    const { bytes, changedAt } = await withEnd(read(file), signal);
    const text = new TextDecoder().decode(bytes.subarray(0, RAW_LIMIT)).slice(0, RAW_LIMIT);
    note?.({ request, status: null, body: text, bytes: bytes.length });
    const document = jsonOf(bytes);
    const shifts = shiftsOfTimeline(document);
    const itself = dated.safeParse(document).data?.writtenAt;
    const said = itself === undefined ? changedAt : instantOf(itself);
    if (shifts === null || said === null)
      return refused(`expected a timeline as JSON in the file of \`${name}\`, got something else`);
    return { kind: 'seen', found: { shifts, writtenAt: Math.min(said, changedAt) } };
  } catch (error) {
    const because = `expected the file of \`${name}\` to be readable, got ${whyNot(error)}`;
    note?.({ request, status: null, body: because, bytes: 0 });
    return refused(because);
  }
}

/** Whole, or not at all: what is no file, or longer than a rota is, is not read to its end. */
async function read(file: string): Promise<{ readonly bytes: Buffer; readonly changedAt: number }> {
  // A pipe that nobody writes to would else be waited for.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('something that is no file');
    if (stat.size > MAX_BYTES) throw new Error('a longer one than 2 MiB');
    const buffer = Buffer.alloc(stat.size + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length < buffer.length; length += got)
      got = (await handle.read(buffer, length, buffer.length - length)).bytesRead;
    if (length > stat.size) throw new Error('one that grew while it was read');
    return { bytes: buffer.subarray(0, length), changedAt: stat.mtimeMs };
  } finally {
    await handle.close();
  }
}

async function withEnd<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]);
  reading.catch(() => undefined);
  return Promise.race([
    reading,
    new Promise<never>((_, reject) => {
      const stop = () => reject(new Error('no end of it in time'));
      if (end.aborted) stop();
      else end.addEventListener('abort', stop, { once: true });
    }),
  ]);
}

/** By its code, which names no path. */
function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `\`${code}\``;
}

function refused(because: string) {
  return { kind: 'refused' as const, because };
}
