/**
 * One line for the person who waits. Standard output belongs to the program that is started afterwards.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`interlock: ${line}\n`);
}

/** A reason not to start that the person can put right: one line, no stack. */
export class LaunchError extends Error {
  /** @override */
  name = 'LaunchError';
}
