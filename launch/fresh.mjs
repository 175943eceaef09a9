import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneAtATime } from './lock.mjs';
import { bringPackages, nodeOf } from './packages.mjs';
import { LaunchError } from './say.mjs';
import { start } from './start.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Brings the npm packages of a checkout that has none, and starts a program of it anew with the Node among them. The web pages
 * and whatever npm does not bring are left to the program that needs them.
 * @param {string} program absolute path
 * @param {string[]} args
 */
export function startFresh(program, args) {
  try {
    oneAtATime(join(root, '.interlock', 'launch.lock'), () => bringPackages(root));
    start(nodeOf(root), [program, ...args], process.env);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    process.stderr.write(`interlock: ${error.message}\n`);
    process.exitCode = 1;
  }
}
