import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionResult } from '../contract/execution.ts';
import { CLEAN_PATH } from './environment.ts';
import { attemptOf } from '../kernel/run/journal.ts';
import { blankResult } from './execute.ts';
import { KEEPER_FILE } from './keeper.ts';
import type { Assignment, FromKeeper, ToKeeper } from './keeper-messages.ts';
import { ownProcess } from './own-process.ts';
import { readJournal } from './read-journal.ts';
import { groupAlive, terminateGroup } from './terminate.ts';

/** The runner's side of its keeper. One step at a time. */
export interface Keeper {
  readonly pid: number;
  /** Tells it how long the lease still lasts. */
  lease(remainingMs: number): void;
  execute(assignment: Omit<Assignment, 'id'>, onLines: (lines: readonly string[]) => void): KeptStep;
  /** Sends it away; it goes once its step is over. */
  leave(): void;
}

export interface KeptStep {
  stop(because: string): void;
  readonly ended: Promise<ExecutionResult>;
}

/** Starts a keeper, in a session of its own so that a closing terminal does not reach it. */
export async function startKeeper(runFolder: string): Promise<Keeper> {
  const log = openSync(path.join(runFolder, 'keeper.log'), 'a', 0o600);
  const journal = path.join(runFolder, 'journal.jsonl');
  const child = spawn(process.execPath, ownProcess(KEEPER_FILE, 'bootKeeper', [journal]), {
    cwd: runFolder,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { PATH: CLEAN_PATH, LANG: 'C.UTF-8' },
  });
  const steps = new Map<number, OpenStep>();
  const over = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(`it ended with \`${signal ?? code}\``));
  });
  const ready = Promise.withResolvers<void>();
  child.on('message', (message) => receive(message as FromKeeper, steps, () => ready.resolve()));
  void over.then((because) => {
    ready.reject(new Error(`expected the runner's keeper to start, ${because}`));
    for (const step of steps.values()) step.lost();
  });
  await ready.promise;
  return keeperOf(child, steps, journal);
}

interface OpenStep {
  group: number | null;
  readonly lines: (lines: readonly string[]) => void;
  readonly end: (result: ExecutionResult) => void;
  /** The keeper died: what becomes of the step nobody will tell. */
  readonly lost: () => void;
}

function keeperOf(child: ChildProcess, steps: Map<number, OpenStep>, journal: string): Keeper {
  let last = 0;
  const send = (message: ToKeeper) => {
    if (child.connected) child.send(message, () => undefined);
  };
  return {
    pid: child.pid ?? 0,
    lease: (remainingMs) => send({ type: 'lease', remainingMs }),
    leave: () => {
      send({ type: 'leave' });
      child.unref();
      child.channel?.unref();
    },
    execute(assignment, onLines) {
      const id = (last += 1);
      const sentAt = performance.now();
      const ended = Promise.withResolvers<ExecutionResult>();
      const step: OpenStep = {
        group: null,
        lines: onLines,
        end: (result) => ended.resolve(result),
        lost: () => void lose(step, { assignment, sentAt, journal }).then(ended.resolve),
      };
      steps.set(id, step);
      if (child.connected) send({ type: 'execute', assignment: { ...assignment, id } });
      else step.lost();
      return {
        stop: (because) => send({ type: 'stop', id, because }),
        ended: ended.promise.finally(() => steps.delete(id)),
      };
    },
  };
}

function receive(message: FromKeeper, steps: ReadonlyMap<number, OpenStep>, ready: () => void): void {
  switch (message.type) {
    case 'ready':
      return ready();
    case 'begun': {
      const step = steps.get(message.id);
      if (step !== undefined) step.group = message.group;
      return;
    }
    case 'lines':
      return steps.get(message.id)?.lines(message.lines);
    case 'ended':
      return steps.get(message.id)?.end(message.result);
  }
}

interface Lost {
  readonly assignment: Omit<Assignment, 'id'>;
  readonly sentAt: number;
  readonly journal: string;
}

/**
 * Nobody holds the step any more. INVARIANT: it is not told of while something of it may still work, for whoever asks its probe then
 * would hear of a moment that passes. What may be interrupted is ended, anything else has until its time-out.
 */
async function lose(step: OpenStep, { assignment, sentAt, journal }: Lost): Promise<ExecutionResult> {
  const { command, interruptible, intent } = assignment;
  const group = step.group ?? begunGroup(journal, intent);
  const until = interruptible ? -Infinity : sentAt + command.timeoutMs;
  if (group !== null) {
    while (groupAlive(group) && performance.now() < until) await sleep(LOOK_EVERY_MS);
    if (groupAlive(group)) await terminateGroup(group, command.graceMs);
  }
  return { ...blankResult(new Date(), sentAt), keeperDied: true };
}

const LOOK_EVERY_MS = 50;

/** It may have died between beginning the step and telling so. */
function begunGroup(journal: string, intent: Assignment['intent']): number | null {
  const begun = readJournal(journal).entries.findLast(
    (entry) => entry.kind === 'begun' && attemptOf(entry) === attemptOf(intent),
  );
  return begun?.kind === 'begun' ? begun.group : null;
}
