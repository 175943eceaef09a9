import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CancelAction, ExecutionResult } from '../contract/execution.ts';
import { blankResult, execute, type Command, type Ended, type Running } from './execute.ts';
import { openJournal, type Journal } from './journal.ts';
import type { JournalEntry } from '../contract/journal.ts';
import type { Assignment, FromKeeper, ToKeeper } from './keeper-messages.ts';
import { processEntry } from './terminate.ts';

/** This file, for whoever starts a keeper: its process loads nothing else of the program. */
export const KEEPER_FILE = import.meta.url;

/** The channel to the runner, as Node gives it to a child. */
export interface KeeperChannel {
  send(message: FromKeeper): void;
  onMessage(listener: (message: ToKeeper) => void): void;
  onDisconnect(listener: () => void): void;
  exit(): void;
}

/** What runs inside the keeper's process. */
export function bootKeeper([journalFile]: readonly string[]): void {
  if (journalFile === undefined) throw new Error('expected the file of the journal, got none');
  const channel: KeeperChannel = {
    // A runner that died between two messages is told of by `disconnect`, not by an error.
    send: (message) => process.connected && process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToKeeper)),
    onDisconnect: (listener) => process.on('disconnect', listener),
    exit: () => process.exit(0),
  };
  keep(channel, journalFile);
}

/**
 * The keeper: a process beside the runner that holds the running step. It journals the intent before the step and the
 * result after it, reads its output, and ends an interruptible step when the runner says so, when the runner dies, and,
 * should the runner be stopped or hang, before its lease ends. A step that must not be interrupted survives the death of
 * the runner, with its output read and its result journaled.
 */
export function keep(channel: KeeperChannel, journalFile: string): void {
  const journal = openJournal(journalFile);
  const lease = leaseGuard();
  let current: { readonly assignment: Assignment; readonly running: Running } | null = null;
  let alone = false;
  let owed = 0;
  const stop = (because: string) =>
    current?.assignment.interruptible === true && current.running.stop(because);
  const leaveIfDone = () => {
    if (!alone || current !== null || owed > 0) return;
    journal.close();
    channel.exit();
  };
  /** A disk that is full keeps neither the runner from being told nor what comes later from being journaled. */
  const record = async (entry: JournalEntry) => {
    owed += 1;
    while (!written(journal, entry)) await sleep(WRITE_AGAIN_MS);
    owed -= 1;
    leaveIfDone();
  };
  const perform = async (assignment: Assignment) => {
    const { graceMs } = assignment.command;
    const running = begin(assignment, { journal, channel, allowed: () => lease.allows(graceMs) });
    current = { assignment, running };
    lease.watch(graceMs, () => stop('the lease was about to end'));
    const result = await finish(assignment, await running.ended);
    current = null;
    lease.watch(0, idle);
    void record({ kind: 'result', ...placeOf(assignment.intent), execution: result });
    if (!alone) channel.send({ type: 'ended', id: assignment.id, result });
    leaveIfDone();
  };
  channel.onMessage((message) => {
    if (message.type === 'lease') lease.renew(message.remainingMs);
    else if (message.type === 'execute') void perform(message.assignment);
    else if (message.type === 'stop') {
      if (current?.assignment.id === message.id) stop(message.because);
    } else alone = true;
    leaveIfDone();
  });
  channel.onDisconnect(() => {
    alone = true;
    stop('the runner is gone');
    leaveIfDone();
  });
  channel.send({ type: 'ready' });
}

const WRITE_AGAIN_MS = 250;

function written(journal: Journal, entry: JournalEntry): boolean {
  try {
    journal.write(entry, true);
    return true;
  } catch {
    return false;
  }
}

interface Beginning {
  readonly journal: Journal;
  readonly channel: KeeperChannel;
  readonly allowed: () => boolean;
}

/** Starts a step, its intent on the disk first; without a record nothing is executed. */
function begin(assignment: Assignment, { journal, channel, allowed }: Beginning): Running {
  const { id, command, intent } = assignment;
  // A runner that was stopped and goes on may tell what it decided before its lease was over.
  if (!allowed()) return refused(LEASE_OVER);
  try {
    journal.write(intent, true);
  } catch (error) {
    return refused(`expected to write the journal first, got \`${String(error)}\``);
  }
  // The disk may have taken its time.
  if (!allowed()) return refused(LEASE_OVER);
  const running = execute(command, (lines) => channel.send({ type: 'lines', id, lines }));
  if (running.group !== null) {
    const { group } = running;
    const begun = {
      kind: 'begun',
      ...placeOf(intent),
      group,
      startTicks: processEntry(group)?.startTicks ?? '',
    };
    try {
      journal.write(begun as JournalEntry, false);
    } catch {
      // It works already: whoever comes after has to do without the number, the runner is told it all the same.
    }
    channel.send({ type: 'begun', id, group });
  }
  return running;
}

const LEASE_OVER = 'expected a lease that lasts long enough to stop the step, got one that is over';

async function finish(assignment: Assignment, ended: Ended): Promise<ExecutionResult> {
  const { command, onCancel, outputFile } = assignment;
  const stopped = ended.result.cancelled !== null || ended.result.timedOut;
  const cancelAction = stopped && onCancel !== null ? await cancel(onCancel, command) : null;
  try {
    writeFileSync(outputFile, ended.output, { mode: 0o600 });
  } catch {
    // Half an output is none; its digest is in the result.
    rmSync(outputFile, { force: true });
  }
  return { ...ended.result, cancelAction };
}

/**
 * INVARIANT: when the lease was lost, the cancel action is over before anybody takes over (ADR 0098). It has half of the grace by
 * itself and a quarter after TERM; the last quarter is for machines that are slow.
 */
async function cancel(argv: readonly string[], command: Command): Promise<CancelAction> {
  const { graceMs } = command;
  const { result } = await execute({ ...command, argv, timeoutMs: graceMs / 2, graceMs: graceMs / 4 }).ended;
  const { ok, exitCode, signal, spawnError, timedOut, durationMs } = result;
  return { ok, exitCode, signal, spawnError, timedOut, durationMs };
}

function idle(): void {
  // Nothing runs.
}

/** Calls back when so much of the lease is left that stopping still fits into it. */
function leaseGuard() {
  let endsAt = Infinity;
  let timer: NodeJS.Timeout | undefined;
  let marginMs = 0;
  let act = idle;
  const arm = () => {
    clearTimeout(timer);
    if (endsAt === Infinity) return;
    timer = setTimeout(() => act(), Math.max(0, endsAt - marginMs - performance.now()));
  };
  return {
    renew: (remainingMs: number) => {
      endsAt = performance.now() + remainingMs;
      arm();
    },
    allows: (margin: number) => endsAt - performance.now() > margin,
    watch: (margin: number, then: () => void) => {
      marginMs = margin;
      act = then;
      arm();
    },
  };
}

function refused(spawnError: string): Running {
  const result = { ...blankResult(new Date(), performance.now()), spawnError };
  return { group: null, stop: () => undefined, ended: Promise.resolve({ result, output: Buffer.alloc(0) }) };
}

function placeOf({ run, epoch, grant, list, position, attempt }: Assignment['intent']) {
  return { run, epoch, grant, list, position, attempt, at: new Date().toISOString() };
}
