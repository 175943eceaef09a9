import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../contract/errors.ts';

/**
 * Makes a folder that a person named, with those above it. `mkdir` with `recursive` never ends where a folder that is there says that
 * it is not, as `/proc` does of what is made in it.
 *
 * @throws {AppError} `invalid`
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeWithAbove(folder);
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

/** What the system says of a folder that a person named, as their mistake. */
export function unusable(folder: string, cause: unknown): AppError {
  const message = `expected a folder that can be written, got \`${folder}\`: \`${codeOf(cause) ?? String(cause)}\``;
  return new AppError('invalid', message, { cause });
}

async function makeWithAbove(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    const above = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || above === folder) throw error;
    await makeWithAbove(above);
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // Where it is no folder, this says so.
    await stat(`${folder}/.`);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
