import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const NAMES = {
  prometheus: ['prometheus'],
  alertmanager: ['prometheus-alertmanager', 'alertmanager'],
} as const;

/** Where a program that npm does not bring lies on the PATH; the launcher has put it there. */
export function pathOf(program: keyof typeof NAMES): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const found = NAMES[program]
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find(isExecutable);
  if (found === undefined) {
    throw new Error(
      `expected \`${NAMES[program][0]}\` on the PATH, got none: install Debian's package, or start this by \`npm run demo\``,
    );
  }
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
