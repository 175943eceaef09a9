import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What passes between the command that a person typed and the runner inside the multiplexer. A running tmux server knows
 * nothing of the caller's environment, and its command line can be read by everybody: so a file for one user, read once.
 */
export interface Handover {
  readonly folder: string;
  readonly environment: string;
  /** Plain lines of what the terminal shows. */
  readonly log: string;
  readonly recording: string;
  /** The exit status, once the runner has ended. */
  readonly exit: string;
}

export function handoverAt(folder: string): Handover {
  return {
    folder,
    environment: path.join(folder, 'environment.json'),
    log: path.join(folder, 'run.log'),
    recording: path.join(folder, 'recording.cast'),
    exit: path.join(folder, 'exit'),
  };
}

/** Makes a handover with the caller's environment. */
export function makeHandover(
  state: string,
  change: string,
  env: Readonly<Record<string, string | undefined>>,
): Handover {
  const handover = handoverAt(path.join(state, 'sessions', `${change}-${randomBytes(6).toString('hex')}`));
  mkdirSync(handover.folder, { recursive: true, mode: 0o700 });
  writeFileSync(handover.log, '', { mode: 0o600 });
  writeFileSync(handover.environment, JSON.stringify(env), { mode: 0o600 });
  return handover;
}

/** Takes the environment that was handed over; it is there once. */
export function takeEnvironment(handover: Handover): Readonly<Record<string, string>> {
  const text = readFileSync(handover.environment, 'utf8');
  rmSync(handover.environment);
  // Written by `makeHandover` into a folder of this user alone.
  return JSON.parse(text) as Record<string, string>;
}

/** Leaves the exit status, the last thing a runner does. */
export function leaveExit(handover: Handover, status: number): void {
  writeFileSync(handover.exit, String(status), { mode: 0o600 });
}

/** The exit status, or `null` while the runner has not ended. */
export function readExit(handover: Handover): number | null {
  try {
    const text = readFileSync(handover.exit, 'utf8').trim();
    return /^\d{1,3}$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}
