import { writeFileSync } from 'node:fs';
import type { CancelAction, ExecutionResult } from '../contract/execution.ts';
import { blankResult, execute, type Command, type Ended, type Running } from './execute.ts';
import { openJournal, type Journal } from './journal.ts';
import type { Assignment, FromKeeper, ToKeeper } from './keeper-messages.ts';
import { processEntry } from './terminate.ts';

/** The channel to the runner, as Node gives it to a child. */
export interface KeeperChannel {
  send(message: FromKeeper): void;
  onMessage(listener: (message: ToKeeper) => void): void;
  onDisconnect(listener: () => void): void;
  exit(): void;
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
  const stop = (because: string) =>
    current?.assignment.interruptible === true && current.running.stop(because);
  const leaveIfDone = () => {
    if (!alone || current !== null) return;
    journal.close();
    channel.exit();
  };
  const perform = async (assignment: Assignment) => {
    // A runner that was stopped and goes on may tell what it decided before its lease was over.
    const running = lease.allows(assignment.command.graceMs)
      ? begin(assignment, journal, channel)
      : refused('expected a lease that lasts long enough to stop the step, got one that is over');
    current = { assignment, running };
    lease.watch(assignment.command.graceMs, () => stop('the lease was about to end'));
    const result = await finish(assignment, await running.ended, journal);
    current = null;
    lease.watch(0, idle);
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

/** Starts a step, its intent on the disk first; without a record nothing is executed. */
function begin(assignment: Assignment, journal: Journal, channel: KeeperChannel): Running {
  const { id, command, intent } = assignment;
  try {
    journal.write(intent, true);
  } catch (error) {
    return refused(`expected to write the journal first, got \`${String(error)}\``);
  }
  const running = execute(command, (lines) => channel.send({ type: 'lines', id, lines }));
  if (running.group !== null) {
    const { group } = running;
    journal.write(
      { kind: 'begun', ...placeOf(intent), group, startTicks: processEntry(group)?.startTicks ?? '' },
      false,
    );
    channel.send({ type: 'begun', id, group });
  }
  return running;
}

async function finish(assignment: Assignment, ended: Ended, journal: Journal): Promise<ExecutionResult> {
  const { command, onCancel, intent } = assignment;
  const stopped = ended.result.cancelled !== null || ended.result.timedOut;
  const cancelAction = stopped && onCancel !== null ? await cancel(onCancel, command) : null;
  const result = { ...ended.result, cancelAction };
  writeFileSync(assignment.outputFile, ended.output, { mode: 0o600 });
  journal.write({ kind: 'result', ...placeOf(intent), execution: result }, true);
  return result;
}

/** The cancel action has as long as TERM had: when the lease was lost, it is over before anybody takes over. */
async function cancel(argv: readonly string[], command: Command): Promise<CancelAction> {
  const { result } = await execute({ ...command, argv, timeoutMs: command.graceMs }).ended;
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
