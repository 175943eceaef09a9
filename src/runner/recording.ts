import { open } from 'node:fs/promises';
import { redactText } from './redact.ts';
import { openSession, type Session, type Transport } from './session.ts';

/** How much of a recording goes to the server at once, at most. */
const CHUNK_BYTES = 4 * 1_048_576;
/** The same for what is shown before its chunk comes. */
const PART_BYTES = 256 * 1_024;

/** Sends a recording while it grows: a runner that is killed leaves what was shown until a moment ago. */
export interface RecordingSender {
  /** Sends the whole lines that came since the last time, as the next chunk; false where the server did not take them. */
  send(): Promise<boolean>;
  /** Shows those who look on what came since the last chunk, without keeping it: the next chunk holds it too. */
  show(): Promise<void>;
  /** Sends now and then until it is stopped; stopping sends the rest. */
  start(run: string, epoch: number): void;
  stop(): Promise<boolean>;
}

interface Every {
  readonly secrets: readonly string[];
  readonly everyMs: number;
  readonly showEveryMs: number;
}

/** A place in the recording: in the file here, and in what the server has of it, as masking changes lengths. */
interface Place {
  readonly file: number;
  readonly server: number;
}

/** What is being sent, and how far that got. */
interface Sending extends Every {
  readonly session: Session;
  readonly file: string;
  of: { readonly run: string; readonly epoch: number } | null;
  sent: Place;
  shown: Place;
  chunk: number;
}

/** Chunks `terminal-1-00001.cast`, `terminal-1-00002.cast`, … of one epoch: one behind the other they are its recording. */
export function recordingSender(transport: Transport, file: string, every: Every): RecordingSender {
  const begin: Place = { file: 0, server: 0 };
  const session = openSession(transport);
  const state: Sending = { ...every, session, file, of: null, sent: begin, shown: begin, chunk: 1 };
  let timers: readonly NodeJS.Timeout[] = [];
  let sending: Promise<boolean> = Promise.resolve(true);
  let showing: Promise<void> | null = null;
  const send = () => (sending = sending.then(sendAll.bind(null, state), sendAll.bind(null, state)));
  // What could not be shown is shown with what comes next, or comes with its chunk.
  const show = () =>
    (showing ??= showNext(state)
      .catch(() => undefined)
      .finally(() => (showing = null)));
  return {
    send,
    show,
    start: (run, epoch) => {
      state.of = { run, epoch };
      timers = [
        setInterval(() => void send(), every.everyMs).unref(),
        setInterval(() => void show(), every.showEveryMs).unref(),
      ];
    },
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      return send();
    },
  };
}

async function sendAll(state: Sending): Promise<boolean> {
  for (;;) {
    const { clean, after } = await lines(state, state.sent, CHUNK_BYTES);
    if (state.of === null || clean.length === 0) return true;
    const name = `terminal-${state.of.epoch}-${String(state.chunk).padStart(5, '0')}.cast`;
    try {
      await state.session.uploadFile(state.of.run, { kind: 'recording', name, bytes: clean });
    } catch {
      return false;
    }
    state.sent = after;
    state.chunk += 1;
  }
}

async function showNext(state: Sending): Promise<void> {
  if (state.shown.file < state.sent.file) state.shown = state.sent;
  const { clean, after } = await lines(state, state.shown, PART_BYTES);
  if (state.of === null || clean.length === 0) return;
  const { run, epoch } = state.of;
  await state.session.showTerminal(run, { epoch, from: state.shown.server, bytes: clean });
  state.shown = after;
}

/** The whole lines from a place on, masked, as far as they are taken at once, and the place behind them. */
async function lines(
  { file, secrets }: Sending,
  from: Place,
  most: number,
): Promise<{ readonly clean: Buffer; readonly after: Place }> {
  const bytes = await wholeLines(file, from.file, most);
  const clean = Buffer.from(redactText(bytes.toString('utf8'), secrets));
  return { clean, after: { file: from.file + bytes.length, server: from.server + clean.length } };
}

/** From there to the last line feed, as far as one piece goes: a line that is being written is of the next one. */
async function wholeLines(file: string, from: number, most: number): Promise<Buffer> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, from);
    return bytesRead === 0
      ? buffer.subarray(0, 0)
      : buffer.subarray(0, buffer.lastIndexOf(0x0a, bytesRead - 1) + 1);
  } finally {
    await handle.close();
  }
}
