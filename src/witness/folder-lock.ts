import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

/** A folder that another process uses, or that cannot be used. The message is one line for the operator. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
}

/**
 * One process answers for a witness: two that each compare and then write could cosign two trees of one log. The lock is
 * SQLite's on an empty file, the one lock in Node that the system frees with its holder, whatever killed it.
 *
 * @throws {WitnessError}
 */
export function lockFolder(folder: string): { release(): void } {
  try {
    const database = new DatabaseSync(join(folder, 'lock'));
    database.exec('PRAGMA busy_timeout = 1000; BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new WitnessError(
      `expected a folder that no other witness uses and that can be written, got \`${folder}\`: ${got}`,
      { cause },
    );
  }
}
