import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { installAsRoot, isDebian, unpack } from './debian.mjs';
import { oneAtATime } from './lock.mjs';
import { LaunchError, say } from './say.mjs';
import { link, linkPython } from './wrapper.mjs';

/**
 * @typedef {{
 *   commands: string[],
 *   package: string,
 *   file?: string,
 *   proof?: string[],
 *   proofStatus?: number,
 *   shared?: string,
 *   library?: string,
 *   python?: boolean,
 * }} Program
 * What it is called on the PATH (any of them), which Debian package has it, where its binary lies there if not in
 * `usr/bin`, the arguments with which it runs and ends at once (and with which status, if not 0), and a file below /usr/share without
 * which it does no work. A library has no command: it is there where this folder of it is. A program in Python is run by the Python of
 * the machine, or by the one that came along.
 */

/** @satisfies {Record<string, Program>} */
const PROGRAMS = {
  prometheus: { commands: ['prometheus'], package: 'prometheus' },
  promtool: { commands: ['promtool'], package: 'prometheus' },
  alertmanager: {
    commands: ['prometheus-alertmanager', 'alertmanager'],
    package: 'prometheus-alertmanager',
    shared: 'prometheus/alertmanager/default.tmpl',
  },
  amtool: { commands: ['amtool'], package: 'prometheus-alertmanager' },
  tmux: { commands: ['tmux'], package: 'tmux', proof: ['-V'] },
  // The one without windows asks a sixth less of the processor for the same pages.
  chromium: {
    commands: ['chromium-headless-shell', 'chromium', 'chromium-browser'],
    package: 'chromium-headless-shell',
    file: 'usr/lib/chromium/chromium-headless-shell',
  },
  go: { commands: ['go'], package: 'golang-go', proof: ['version'] },
  'go-mod': {
    commands: [],
    package: 'golang-golang-x-mod-dev',
    library: 'usr/share/gocode/src/golang.org/x/mod/sumdb/note',
  },
  named: { commands: ['named'], package: 'bind9', file: 'usr/sbin/named', proof: ['-v'] },
  dig: { commands: ['dig'], package: 'bind9-dnsutils', proof: ['-v'] },
  nsupdate: { commands: ['nsupdate'], package: 'bind9-dnsutils', proof: ['-V'] },
  pgbouncer: { commands: ['pgbouncer'], package: 'pgbouncer', file: 'usr/sbin/pgbouncer' },
  nginx: { commands: ['nginx'], package: 'nginx-light', file: 'usr/sbin/nginx', proof: ['-v'] },
  // Whatever it is asked without an address, it ends with its usage.
  wrk: { commands: ['wrk'], package: 'wrk', proof: ['-v'], proofStatus: 1 },
  // Of PostgreSQL the whole of a release: what is embedded has neither replication's programs nor older versions.
  postgresql: { commands: [], package: 'postgresql-15', library: 'usr/lib/postgresql/15/bin' },
  python3: { commands: ['python3'], package: 'python3' },
  radicale: { commands: ['radicale'], package: 'radicale', python: true },
  khal: { commands: ['khal'], package: 'khal', python: true },
  'python3-icalendar': {
    commands: [],
    package: 'python3-icalendar',
    library: 'usr/lib/python3/dist-packages/icalendar',
  },
  'monitoring-plugins': {
    commands: [],
    package: 'monitoring-plugins-basic',
    library: 'usr/lib/nagios/plugins',
  },
};

/** @typedef {keyof typeof PROGRAMS} ProgramName */

/**
 * The folder into which programs are unpacked: in the data folder, which is INTERLOCK_DATA or `.interlock` in the project.
 * @param {string} root the project's folder
 */
export function programsFolder(root) {
  return join(resolve(process.env.INTERLOCK_DATA || join(root, '.interlock')), 'programs');
}

/**
 * Finds programs that npm does not bring: on the PATH, else unpacked in the folder; on Debian and its kin missing ones
 * are unpacked there, without root and without starting anything, else, as root, installed. In `FOLDER/bin` each
 * then stands under all its names. Throws `LaunchError` with one line that says what to install.
 * @template {string} Name
 * @param {Name[]} names
 * @param {string} folder
 * @returns {Record<Name, string>} absolute paths
 */
export function bringPrograms(names, folder) {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  let missing = names.filter((name) => find(name, bin) === undefined);
  if (missing.length > 0) {
    oneAtATime(join(folder, 'lock'), () => {
      missing = names.filter((name) => find(name, bin) === undefined);
      if (missing.length > 0) bring(missing, folder);
    });
  }
  const entries = names.map((name) => [name, nameAll(name, bin)]);
  return /** @type {Record<Name, string>} */ (Object.fromEntries(entries));
}

/**
 * @param {string[]} names
 * @param {string} folder
 */
function bring(names, folder) {
  const packages = [...new Set(names.map((name) => programOf(name).package))];
  if (!isDebian()) throw missingError(names, 'this system has no apt-get');
  say(`bringing ${names.join(', ')} from Debian's packages into ${folder}`);
  const problem = unpack(packages, folder) ?? linkUnpacked(names, folder);
  if (problem === undefined) return;
  if (process.getuid?.() !== 0) throw missingError(names, problem);
  say(`installing ${packages.join(', ')} (${problem})`);
  const failure = installAsRoot(packages);
  if (failure !== undefined) throw missingError(names, failure);
}

/**
 * Puts unpacked programs into `bin` and runs each once.
 * @param {string[]} names
 * @param {string} folder
 * @returns {string | undefined} why one does not run
 */
function linkUnpacked(names, folder) {
  for (const name of names) {
    const { commands, file, proof, proofStatus, shared, library, python } = programOf(name);
    if (library !== undefined) {
      if (existsSync(join(folder, 'files', library))) continue;
      return `its package has no \`${library}\``;
    }
    const unpacked = commands
      .map((command) => join(folder, 'files', file ?? `usr/bin/${command}`))
      .find(isExecutable);
    if (unpacked === undefined) return `its package has no \`${commands[0]}\``;
    const place = join(folder, 'bin', commands[0] ?? name);
    const files = join(folder, 'files');
    if (python === true) linkPython(unpacked, place, files);
    else link(unpacked, place, { files, shared });
    const { status, stderr } = spawnSync(place, proof ?? ['--version'], { encoding: 'utf8' });
    if (status === (proofStatus ?? 0)) continue;
    rmSync(place);
    return `${name} does not run: ${stderr?.trim().split('\n')[0] || `status ${status}`}`;
  }
  return undefined;
}

/**
 * Makes every name of a program work from `bin`, whichever it was found under.
 * @param {string} name
 * @param {string} bin
 * @returns {string} its path
 */
function nameAll(name, bin) {
  const found = find(name, bin);
  if (found === undefined) throw missingError([name], 'it is on the PATH under none of its names');
  const { commands } = programOf(name);
  for (const alias of commands.length === 0 ? [] : new Set([name, ...commands])) {
    if (found === join(bin, alias) || onPath(alias) !== undefined) continue;
    rmSync(join(bin, alias), { force: true });
    symlinkSync(found, join(bin, alias));
  }
  return found;
}

/**
 * @param {string} name
 * @param {string} bin
 */
function find(name, bin) {
  const { commands, file, library } = programOf(name);
  if (library !== undefined) {
    return [join('/', library), join(bin, '..', 'files', library)].find((place) => existsSync(place));
  }
  // Servers are installed where the PATH of a person may not lead.
  const installed = file === undefined ? [] : [join('/', file)];
  return (
    commands.map(onPath).find(Boolean) ??
    [...commands.map((command) => join(bin, command)), ...installed].find(isExecutable)
  );
}

/** @param {string} command */
function onPath(command) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(resolve(folder), command)).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file) && statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {string} name
 * @returns {Program}
 */
function programOf(name) {
  const program = /** @type {Record<string, Program>} */ (PROGRAMS)[name];
  if (program !== undefined) return program;
  throw new LaunchError(`expected a program out of ${Object.keys(PROGRAMS).join(', ')}, got \`${name}\``);
}

/**
 * @param {string[]} names
 * @param {string} because
 */
function missingError(names, because) {
  const packages = [...new Set(names.map((name) => programOf(name).package))];
  return new LaunchError(
    `expected ${names.join(', ')} on the PATH, got none (\`${because}\`): install ${packages.join(', ')} (the names of Debian's packages)`,
  );
}
