import { readFileSync, readdirSync } from 'node:fs';

/** Whether anything of a process group still works. What is dead and only waits to be collected does not. */
export function groupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    // Not ours to signal is alive all the same.
    return errorCode(error) === 'EPERM';
  }
  return membersOf(group)?.some(({ state }) => state !== 'Z' && state !== 'X') ?? true;
}

/**
 * Ends a process group: TERM, then KILL when `graceMs` is over and something of it still works. Resolves when nothing
 * does, to whether KILL was needed. A group that survives KILL (in the kernel, waiting for a disk) is given up after
 * another `graceMs`.
 */
export async function terminateGroup(group: number, graceMs: number): Promise<{ readonly killed: boolean }> {
  signalGroup(group, 'SIGTERM');
  if (await gone(group, graceMs)) return { killed: false };
  signalGroup(group, 'SIGKILL');
  await gone(group, Math.max(graceMs, 1_000));
  return { killed: true };
}

/** What the system's table says of a process. */
export interface ProcessEntry {
  readonly state: string;
  readonly group: number;
  /** When it was started, in the system's own ticks: a number used again has another. */
  readonly startTicks: string;
}

/** The entry of one process; `null` if there is none, or no such table here. */
export function processEntry(pid: number | string): ProcessEntry | null {
  try {
    // The second field is the program's name in parentheses, and may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]), startTicks: fields[19] ?? '' };
  } catch {
    return null;
  }
}

/** The members of a process group, or `null` where the system has no table to look them up in. */
function membersOf(group: number): readonly ProcessEntry[] | null {
  if (process.platform !== 'linux') return null;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(processEntry)
    .filter((entry) => entry !== null)
    .filter((entry) => entry.group === group);
}

function signalGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  // INVARIANT: 0 and 1 would signal ourselves or everybody.
  if (!Number.isSafeInteger(group) || group < 2) {
    throw new Error(`expected a process group of a child, got \`${group}\``);
  }
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

async function gone(group: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  for (let waitMs = 5; groupAlive(group); waitMs = Math.min(2 * waitMs, 100)) {
    const left = until - performance.now();
    if (left <= 0) return false;
    await new Promise((done) => setTimeout(done, Math.min(waitMs, left)));
  }
  return true;
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
