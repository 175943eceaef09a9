import { spawn, type ChildProcess } from 'node:child_process';
import type { ExecutionResult } from '../contract/execution.ts';
import { capture, type Capture } from './capture.ts';
import { lineReader } from './lines.ts';
import { redactor } from './redact.ts';
import { groupAlive, terminateGroup } from './terminate.ts';

/** A program to run, in full: nothing is added from the environment of the caller. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Time between TERM and KILL. */
  readonly graceMs: number;
  /** Masked in everything that is kept or shown. */
  readonly secrets: readonly string[];
}

/** A program that was told to run. */
export interface Running {
  /** Its process group; `null` if it could not be begun. */
  readonly group: number | null;
  /** Ends its process group: TERM, then KILL. Once is enough; after its end it does nothing. */
  stop(because: string): void;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly result: ExecutionResult;
  /** What it printed, as far as it was kept. */
  readonly output: Buffer;
}

/** How long to wait for output after the end of the process itself, when something it left behind holds the pipe. */
const DRAIN_MS = 250;

/**
 * Runs a program in a process group of its own, with an empty standard input. Never throws: every way to fail is a field
 * of the result. `onLines` is told what it prints, masked and cut, for people to look at.
 */
export function execute(
  command: Command,
  onLines: (lines: readonly string[]) => void = () => undefined,
): Running {
  const startedAt = new Date();
  const began = performance.now();
  const output = capture();
  const child = begin(command);
  if (typeof child === 'string') {
    const ended = Promise.resolve(finish(blankResult(startedAt, began), { spawnError: child }, output));
    return { group: null, stop: () => undefined, ended };
  }
  const lines = lineReader(onLines);
  const streams = [child.stdout, child.stderr].map((stream) =>
    drain(stream, command.secrets, output, (chunk) => lines.push(chunk)),
  );
  const stopping = stopper(child, command);
  const ended = (async () => {
    const exit = await exitOf(child);
    stopping.over();
    const leftGroup = child.pid !== undefined && groupAlive(child.pid);
    await Promise.race([Promise.all(streams), settled(DRAIN_MS)]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await Promise.all(streams);
    lines.end();
    const told = await stopping.outcome();
    const result = {
      ...blankResult(startedAt, began),
      ...exit,
      leftGroup: leftGroup && told.cancelled === null,
    };
    return finish(result, told, output);
  })();
  return { group: child.pid ?? null, stop: stopping.stop, ended };
}

/** A result in which nothing happened yet. */
export function blankResult(startedAt: Date, began: number): ExecutionResult {
  const { summary } = capture().finish();
  return {
    ok: false,
    exitCode: null,
    signal: null,
    spawnError: null,
    timedOut: false,
    cancelled: null,
    killed: false,
    leftGroup: false,
    keeperDied: false,
    startedAt: startedAt.toISOString(),
    durationMs: performance.now() - began,
    stopMs: null,
    output: summary,
    cancelAction: null,
    confirmed: null,
  };
}

function begin(command: Command): ChildProcess | string {
  const [program, ...rest] = command.argv;
  if (program === undefined || program === '') return 'expected a program, got an empty name';
  try {
    return spawn(program, rest, {
      cwd: command.cwd,
      env: command.env,
      shell: false,
      // A session and process group of its own: what it starts is ended with it, and no terminal's signal reaches it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return messageOf(error);
  }
}

interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly spawnError: string | null;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      // Also raised for a signal that could not be sent; that process is there and will exit.
      if (child.pid === undefined) resolve({ exitCode: null, signal: null, spawnError: messageOf(error) });
    });
    child.on('exit', (exitCode, signal) => resolve({ exitCode, signal, spawnError: null }));
  });
}

interface Told {
  readonly cancelled: string | null;
  readonly timedOut: boolean;
  readonly killed: boolean;
  readonly stopMs: number | null;
}

/** Keeps the order to stop and the time-out; the first of them counts. */
function stopper(child: ChildProcess, command: Command) {
  let told: { because: string | null; at: number; done: Promise<{ killed: boolean }> } | null = null;
  let exited = false;
  const end = (because: string | null) => {
    if (told !== null || exited || child.pid === undefined) return;
    told = { because, at: performance.now(), done: terminateGroup(child.pid, command.graceMs) };
  };
  const timer = setTimeout(() => end(null), command.timeoutMs);
  return {
    stop: (because: string) => end(because),
    over: () => {
      exited = true;
      clearTimeout(timer);
    },
    outcome: async (): Promise<Told> => {
      if (told === null) return { cancelled: null, timedOut: false, killed: false, stopMs: null };
      const { killed } = await told.done;
      const stopMs = performance.now() - told.at;
      return { cancelled: told.because, timedOut: told.because === null, killed, stopMs };
    },
  };
}

function drain(
  stream: NodeJS.ReadableStream | null,
  secrets: readonly string[],
  output: Capture,
  show: (chunk: Buffer) => void,
): Promise<void> {
  if (stream === null) return Promise.resolve();
  const clean = redactor(secrets);
  const take = (chunk: Buffer) => {
    output.push(chunk);
    show(chunk);
  };
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => take(clean.push(chunk)));
    stream.on('error', () => undefined);
    stream.on('close', () => {
      take(clean.end());
      resolve();
    });
  });
}

function finish(result: ExecutionResult, more: Partial<ExecutionResult>, output: Capture): Ended {
  const { summary, kept } = output.finish();
  const whole: ExecutionResult = { ...result, ...more, output: summary };
  const ok = whole.exitCode === 0 && whole.spawnError === null && !whole.timedOut && whole.cancelled === null;
  return { result: { ...whole, ok }, output: kept };
}

function settled(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
