import path from 'node:path';
import { bringPrograms, programsFolder } from '../../launch/programs.mjs';

type ProgramName =
  | 'prometheus'
  | 'promtool'
  | 'alertmanager'
  | 'chromium'
  | 'named'
  | 'dig'
  | 'nsupdate'
  | 'pgbouncer'
  | 'nginx'
  | 'postgresql'
  | 'monitoring-plugins'
  | 'python3'
  | 'radicale'
  | 'khal'
  | 'python3-icalendar';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Path of a program that npm does not bring; brings it first where it is missing, as `npm test` does. */
export function programPath(name: ProgramName): string {
  return bringPrograms([name], programsFolder(ROOT))[name];
}
