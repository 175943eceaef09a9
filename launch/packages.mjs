import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError, say } from './say.mjs';

const LEAST_NODE = 24;

/**
 * @typedef {{
 *   version?: string, integrity?: string, link?: boolean, optional?: boolean,
 *   os?: string | string[], cpu?: string | string[], libc?: string | string[],
 * }} Entry
 */

/**
 * Installs the npm packages when they are missing or are not those of the lock file. Install scripts are not run: none is
 * needed, and a fresh machine should not run what it has not read.
 * @param {string} root the project's folder
 * @returns {boolean} whether anything was installed
 */
export function bringPackages(root) {
  const reason = whyStale(root);
  if (reason === undefined) return false;
  say(`installing the npm packages (${reason})`);
  const npm = process.env.npm_execpath;
  const [program, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  // A development dependency is needed to start, too, and the environment may say otherwise.
  const flags = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  // Its standard output goes where ours does not mix with the program's.
  const { status, error } = spawnSync(program, [...before, ...flags], { cwd: root, stdio: ['ignore', 2, 2] });
  if (error !== undefined) {
    throw new LaunchError(`expected npm to install the packages, got \`${error.message}\`: install npm`);
  }
  if (status !== 0) {
    throw new LaunchError(
      `expected \`npm ci\` to install the packages, got exit status \`${status}\`: see above`,
    );
  }
  return true;
}

/**
 * The packages' own Node; where they bring none for this system, the one that runs, if it is new enough.
 * @param {string} root the project's folder
 * @returns {string} absolute path
 */
export function nodeOf(root) {
  const brought = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(brought)) return brought;
  if (Number.parseInt(process.versions.node, 10) >= LEAST_NODE) return process.execPath;
  throw new LaunchError(
    `expected Node.js ${LEAST_NODE} or newer, got \`${process.versions.node}\`: npm brings none for ${process.platform}-${process.arch}, so install one`,
  );
}

/**
 * Compares what npm noted down when it installed with the lock file.
 * @param {string} root
 * @returns {string | undefined} undefined where everything is there
 */
export function whyStale(root) {
  const wanted = entries(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new LaunchError(`expected \`package-lock.json\` in \`${root}\`, got none`);
  const installed = entries(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'there are none';
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const name = path.replace(/^.*node_modules\//, '');
    const found = installed[path];
    if (found === undefined) {
      if (belongsHere(entry)) return `${name} is missing`;
    } else if (found.version !== entry.version || found.integrity !== entry.integrity) {
      return `${name} has changed`;
    } else if (!existsSync(join(root, path))) {
      return `${name} is gone`;
    }
  }
  return undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, Entry> | undefined}
 */
function entries(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    // Missing, or cut short by an install that was interrupted.
    return undefined;
  }
}

/**
 * Whether npm would have installed it on this machine. An optional package that names no system is there for another
 * optional one, which may not be for us.
 * @param {Entry} entry
 */
function belongsHere({ optional, os, cpu, libc }) {
  if (optional !== true) return true;
  if (os === undefined && cpu === undefined) return false;
  return fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, usesMusl() ? 'musl' : 'glibc');
}

/**
 * @param {string | string[] | undefined} allowed
 * @param {string} ours
 */
function fits(allowed, ours) {
  if (allowed === undefined) return true;
  const list = [allowed].flat();
  return list.includes(ours) || (list.every((one) => one.startsWith('!')) && !list.includes(`!${ours}`));
}

function usesMusl() {
  return process.platform === 'linux' && readdirSync('/lib').some((name) => name.startsWith('ld-musl-'));
}
