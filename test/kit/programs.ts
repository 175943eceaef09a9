import path from 'node:path';
import { bringPrograms, programsFolder } from '../../launch/programs.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Path of a program that npm does not bring; brings it first where it is missing, as `npm test` does. */
export function programPath(name: 'prometheus' | 'promtool' | 'alertmanager' | 'chromium'): string {
  return bringPrograms([name], programsFolder(ROOT))[name];
}
