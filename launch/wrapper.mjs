import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes an unpacked program startable at `place`: by a link where the machine has all it needs, else by a small script
 * that shows it the libraries, fonts and so on that were unpacked beside it, and then becomes the program.
 * @param {string} program
 * @param {string} place
 * @param {{ files: string, shared?: string | undefined }} unpacked the folder into which packages were unpacked, laid out as
 *   `/` is, and a file that the program opens below /usr/share wherever it lies itself
 */
export function link(program, place, { files, shared }) {
  const draft = `${place}.new-${process.pid}`;
  const lacksShared = shared !== undefined && !existsSync(join('/usr/share', shared));
  if (lacksLibraries(program) || lacksShared) {
    writeFileSync(draft, script(program, files, lacksShared));
    chmodSync(draft, 0o755);
  } else {
    symlinkSync(program, draft);
  }
  // At once, so that nobody finds half of it.
  renameSync(draft, place);
}

/**
 * Makes an unpacked program in Python startable at `place`, with the modules that were unpacked beside it before the machine's own.
 * @param {string} program
 * @param {string} place
 * @param {string} files
 */
export function linkPython(program, place, files) {
  const draft = `${place}.new-${process.pid}`;
  const system = '/usr/bin/python3';
  const python = existsSync(system) ? system : join(files, 'usr/bin/python3');
  const lines = [...(python === system ? [] : shown(files)), `export PYTHONPATH=${quote(modulesOf(files))}`];
  writeFileSync(
    draft,
    `${['#!/bin/sh', ...lines, `exec ${quote(python)} ${quote(program)} "$@"`].join('\n')}\n`,
  );
  chmodSync(draft, 0o755);
  renameSync(draft, place);
}

/** @param {string} files */
const modulesOf = (files) => join(files, 'usr/lib/python3/dist-packages');

/** @param {string} program */
function lacksLibraries(program) {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return stdout?.includes('not found') ?? false;
}

/**
 * @param {string} program
 * @param {string} files
 * @param {boolean} lacksShared
 */
function script(program, files, lacksShared) {
  const lines = ['#!/bin/sh', ...shown(files)];
  if (existsSync(join(files, 'etc/fonts')) && !existsSync('/etc/fonts/fonts.conf')) {
    lines.push(`export FONTCONFIG_PATH=${quote(join(files, 'etc/fonts'))}`);
    lines.push(`export XDG_DATA_HOME=${quote(join(files, 'usr/share'))}`);
  }
  const become = lacksShared ? withShared(join(files, 'usr/share')) : 'exec';
  return `${[...lines, `${become} ${quote(program)} "$@"`].join('\n')}\n`;
}

/**
 * The libraries that were unpacked, as a line of a script.
 * @param {string} files
 */
function shown(files) {
  const libraries = libraryFolders(files).join(':');
  return libraries === '' ? [] : [`export LD_LIBRARY_PATH=${quote(libraries)}`];
}

/**
 * What is compiled in as an absolute path is shown in a mount namespace of its own, which needs no root. By `exec` the
 * program keeps the process that was started, and so gets its signals.
 * @param {string} share
 */
function withShared(share) {
  const show = `mount --bind "$0" /usr/share && exec "$@"`;
  return `exec unshare --user --map-root-user --mount -- sh -c ${quote(show)} ${quote(share)}`;
}

/** @param {string} files */
function libraryFolders(files) {
  const tops = ['usr/lib', 'lib'].map((folder) => join(files, folder)).filter(existsSync);
  const systems = tops.flatMap((top) => subfolders(top).filter((folder) => folder.includes('-linux-')));
  // Some keep theirs one folder further down, such as pulseaudio.
  return [...systems, ...systems.flatMap(subfolders).filter(holdsLibraries)];
}

/** @param {string} folder */
function subfolders(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

/** @param {string} folder */
function holdsLibraries(folder) {
  return readdirSync(folder).some((name) => /^lib.*\.so(\.|$)/.test(name));
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
