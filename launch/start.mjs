import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Becomes the program where this Node can, so that no process stands between it and whoever signals it. Otherwise runs
 * it as a child with the same standard streams, passes signals on, and ends the way it ended.
 * @param {string} node absolute path
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function start(node, args, env) {
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { env, stdio: 'inherit' });
  /** @type {NodeJS.Signals[]} */
  const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR2'];
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  // At a terminal Ctrl-C reaches the whole group; a second one would mean "at once".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => {
    process.stderr.write(`interlock: expected to start \`${node}\`, got \`${error.message}\`\n`);
    process.exitCode = 1;
  });
  child.on('exit', (status, signal) => endAs(status, signal));
}

/**
 * @param {number | null} status
 * @param {NodeJS.Signals | null} signal
 */
function endAs(status, signal) {
  if (signal === null) process.exit(status ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // A signal that does not end us (a stop of debugging, say): what a shell would answer.
  setTimeout(() => process.exit(128 + constants.signals[signal]), 1000);
}
