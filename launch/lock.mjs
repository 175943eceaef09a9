import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LaunchError, say } from './say.mjs';

const PATIENCE_MS = 10 * 60_000;

/**
 * Runs something that two terminals must not do at once, such as an installation. Whoever comes second waits.
 * @template T
 * @param {string} file named for what is kept apart
 * @param {() => T} action
 * @returns {T}
 */
export function oneAtATime(file, action) {
  mkdirSync(dirname(file), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  for (let told = false; !take(file); told = true) {
    if (!told) say(`waiting for another Interlock that brings what is missing (pid ${holder(file)})`);
    if (Date.now() > deadline)
      throw new LaunchError(`expected \`${file}\` to be free, got one of a living process: remove it`);
    pause(200);
  }
  try {
    return action();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  // Its holder was killed. Two who find that out at once may both go on; what they do can be done twice.
  if (!lives(holder(file))) rmSync(file, { force: true });
  return false;
}

/** @param {string} file */
function holder(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** @param {number} pid not a number while its holder is just writing it or has just removed it */
function lives(pid) {
  if (Number.isNaN(pid) || pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {number} ms */
function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
