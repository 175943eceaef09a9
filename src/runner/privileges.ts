import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const PROBE_MS = 5_000;

/** What the user of this process may do on this host beyond a plain user: be root already, or become it without a password. */
export async function privilegesHere(): Promise<'none' | 'sudo' | 'root'> {
  if (process.getuid?.() === 0) return 'root';
  try {
    await promisify(execFile)('sudo', ['-n', 'true'], { timeout: PROBE_MS });
    return 'sudo';
  } catch (error) {
    // A probe that did not end says nothing, so it counts as the worse.
    return error instanceof Error && 'killed' in error && error.killed === true ? 'sudo' : 'none';
  }
}
