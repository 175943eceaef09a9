import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Path of a program that npm does not bring, from the PATH or the folder that `INTERLOCK_PROGRAMS` names. */
export function programPath(name: string): string {
  const folders = [
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    process.env['INTERLOCK_PROGRAMS'] ?? '',
  ];
  const found = folders
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
  if (found === undefined) throw new Error(`expected the program \`${name}\` on the PATH, found none`);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
