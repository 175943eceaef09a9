import { realpathSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 * 1024 ** 3;

/**
 * Where databases of tests are made: in memory where there is room, because a database is hundreds of files (a clone
 * takes 20 ms there and 250 ms on this project's CI disk), else in the system's folder for temporary files.
 */
export function scratchParent(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize > ROOM_BYTES) return MEMORY;
  } catch {
    // Not on this system.
  }
  return realpathSync(tmpdir());
}
