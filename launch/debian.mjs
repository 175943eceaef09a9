import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LISTS = '/var/lib/apt/lists';
const POLICY = '/usr/sbin/policy-rc.d';

/** Whether Debian's tools are here: Debian itself, or one of its kin. */
export function isDebian() {
  return ['apt-get', 'dpkg'].every((tool) => existsSync(`/usr/bin/${tool}`));
}

/**
 * Downloads packages, with those of their dependencies that are not installed, and unpacks them below `FOLDER/files`,
 * laid out as `/` is. Needs no root, runs none of their scripts, and so starts nothing and changes nothing elsewhere.
 * @param {string[]} packages
 * @param {string} folder
 * @returns {string | undefined} why it did not work, undefined where it did
 */
export function unpack(packages, folder) {
  const work = join(folder, `download-${process.pid}`);
  try {
    mkdirSync(work, { recursive: true });
    const options = aptOptions(folder);
    const update = readLists(options, folder);
    if (update !== undefined) return update;
    const plan = apt([...options, '-s', '-y', '--no-install-recommends', 'install', ...packages], work);
    if (plan.problem !== undefined) return plan.problem;
    const wanted = [...plan.output.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) /gm)].map(
      ([, name, version]) => `${name}=${version}`,
    );
    if (wanted.length === 0) return undefined;
    const { problem } = apt([...options, 'download', ...wanted], work);
    if (problem !== undefined) return problem;
    return readdirSync(work)
      .map((deb) => extract(join(work, deb), join(folder, 'files')))
      .find(Boolean);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Installs packages into the system, for a root on whose machine unpacking was not enough. Services that they bring are
 * not started: what runs on this machine is not ours to change.
 * @param {string[]} packages
 * @returns {string | undefined} why it did not work
 */
export function installAsRoot(packages) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return apt(['-y', '--no-install-recommends', 'install', ...packages], '/').problem;
  } finally {
    if (ours) rmSync(POLICY);
  }
}

/**
 * Where the machine has no lists of packages, as in a fresh container, they are read into our own folder.
 * @param {string} folder
 */
function aptOptions(folder) {
  const options = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
  if (holdsLists(LISTS)) return options;
  const [lists, cache] = ownFolders(folder);
  return [...options, '-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`];
}

/**
 * @param {string[]} options
 * @param {string} folder
 * @returns {string | undefined}
 */
function readLists(options, folder) {
  const [lists, cache] = ownFolders(folder);
  if (holdsLists(LISTS) || holdsLists(lists)) return undefined;
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  return apt([...options, 'update'], folder).problem;
}

/**
 * @param {string} folder
 * @returns {[lists: string, cache: string]}
 */
function ownFolders(folder) {
  return [join(folder, 'apt', 'lists'), join(folder, 'apt', 'cache')];
}

/** @param {string} folder */
function holdsLists(folder) {
  return existsSync(folder) && readdirSync(folder).some((name) => /_Packages(\.|$)/.test(name));
}

/**
 * @param {string} deb
 * @param {string} files
 * @returns {string | undefined}
 */
function extract(deb, files) {
  mkdirSync(files, { recursive: true });
  return run('dpkg', ['-x', deb, files], '/').problem;
}

/**
 * @param {string[]} args
 * @param {string} cwd
 */
const apt = (args, cwd) => run('apt-get', ['-q', '-o', 'Acquire::Retries=3', ...args], cwd);

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 * @returns {{ output: string, problem?: string }}
 */
function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return { output: stdout };
  const said = (stderr ?? '').split('\n').find((line) => line.startsWith('E:'));
  return {
    output: stdout ?? '',
    problem: said ?? error?.message ?? `${program} ended with status ${status}`,
  };
}
