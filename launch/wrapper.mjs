import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes an unpacked program startable at `place`: by a link where the machine has all it needs, else by a small script
 * that shows it the libraries, fonts and so on that were unpacked beside it, and then becomes the program.
 * @param {string} program
 * @param {string} place
 * @param {string} files the folder into which packages were unpacked, laid out as `/` is
 */
export function link(program, place, files) {
  const draft = `${place}.new-${process.pid}`;
  if (lacksLibraries(program)) {
    writeFileSync(draft, script(program, files));
    chmodSync(draft, 0o755);
  } else {
    symlinkSync(program, draft);
  }
  // At once, so that nobody finds half of it.
  renameSync(draft, place);
}

/** @param {string} program */
function lacksLibraries(program) {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return stdout?.includes('not found') ?? false;
}

/**
 * @param {string} program
 * @param {string} files
 */
function script(program, files) {
  const lines = ['#!/bin/sh', `export LD_LIBRARY_PATH=${quote(libraryFolders(files).join(':'))}`];
  if (existsSync(join(files, 'etc/fonts')) && !existsSync('/etc/fonts/fonts.conf')) {
    lines.push(`export FONTCONFIG_PATH=${quote(join(files, 'etc/fonts'))}`);
    lines.push(`export XDG_DATA_HOME=${quote(join(files, 'usr/share'))}`);
  }
  return `${[...lines, `exec ${quote(program)} "$@"`].join('\n')}\n`;
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
