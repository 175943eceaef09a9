#!/usr/bin/env node
// node launch/run.mjs [--programs NAME,…] TARGET [ARGUMENT …]
//
// Brings what is missing (npm packages, the built web pages, programs that npm does not bring) and starts the target
// with the Node that the packages bring. Runs on any Node from 18 on, which is why it is not TypeScript.
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneAtATime } from './lock.mjs';
import { bringPackages, nodeOf, whyStale } from './packages.mjs';
import { bringPrograms, programsFolder } from './programs.mjs';
import { LaunchError } from './say.mjs';
import { start } from './start.mjs';
import { bringWeb, isWebStale } from './web.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = join(root, '.interlock', 'launch.lock');

try {
  run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  process.stderr.write(`interlock: ${error.message}\n`);
  process.exitCode = 1;
}

/** @param {string[]} args */
function run(args) {
  const programs = args[0] === '--programs' ? args.splice(0, 2)[1] : undefined;
  const [target, ...rest] = args;
  if (target === undefined) throw new LaunchError('expected a program to start, got none');
  if (whyStale(root) !== undefined) oneAtATime(lock, () => bringPackages(root));
  const node = nodeOf(root);
  if (isWebStale(root)) oneAtATime(lock, () => bringWeb(root, node));
  const env = { ...process.env };
  if (programs !== undefined) env.PATH = [env.PATH, binOf(programs)].join(delimiter);
  start(node, [join(root, target), ...rest], env);
}

/**
 * Programs that npm does not bring, as one folder for the end of the PATH.
 * @param {string} names
 */
function binOf(names) {
  const folder = programsFolder(root);
  bringPrograms(names.split(','), folder);
  return join(folder, 'bin');
}
