import { statfsSync } from 'node:fs';
import { EmbeddedError } from './embedded-error.ts';
import type { Folder } from './folder.ts';

const LEAST_FREE_BYTES = 64 * 1024;

const noSpace = (root: string) =>
  `expected free space for the data folder \`${root}\`, got \`No space left on device\`: make room, nothing committed is lost`;

const KNOWN: readonly (readonly [RegExp, (root: string) => string])[] = [
  [/No space left on device/, noSpace],
  [
    /Read-only file system/,
    (root) =>
      `expected a data folder that can be written, got \`Read-only file system\` for \`${root}\`: name another by INTERLOCK_DATA`,
  ],
  [
    /Permission denied|EACCES/,
    (root) =>
      `expected a data folder and programs that the database's user can reach, got \`Permission denied\` for \`${root}\`: name a folder outside closed homes by INTERLOCK_DATA, or a server of your own by DATABASE_URL`,
  ],
  [
    /cannot be run as root|must not be run as root|root" execution/,
    (root) =>
      `expected to run PostgreSQL as another user than root, got a refusal for \`${root}\`: start Interlock as an ordinary user, or name a server of your own by DATABASE_URL`,
  ],
];

/** Turns what a PostgreSQL program said before it gave up into one line for a person. */
export function explainFailure(folder: Folder, output: string): EmbeddedError {
  for (const [pattern, text] of KNOWN) {
    if (pattern.test(output)) return new EmbeddedError(text(folder.root), { cause: output });
  }
  // The log lies on the same disk, so one that is full may have kept the words from being written.
  if (freeBytes(folder) < LEAST_FREE_BYTES) return new EmbeddedError(noSpace(folder.root), { cause: output });
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const worst = lines.findLast((line) => /\b(FATAL|PANIC)\b|error:/.test(line)) ?? lines.at(-1) ?? 'nothing';
  const said = worst
    .replace(/^[-\d]+ [:.\d]+ UTC \[\d+\] /, '')
    .replaceAll('`', "'")
    .trim();
  return new EmbeddedError(
    `expected the embedded PostgreSQL to start, got \`${said}\`: more in \`${folder.log}\``,
    { cause: output },
  );
}

function freeBytes(folder: Folder): number {
  try {
    const { bavail, bsize } = statfsSync(folder.root);
    return bavail * bsize;
  } catch {
    // The folder is gone; the words of the server say more.
    return Number.POSITIVE_INFINITY;
  }
}
