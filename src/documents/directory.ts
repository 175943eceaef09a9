import { directoryFile, type DirectoryFile } from '../contract/directory.ts';
import type { Problem, Source } from './problem.ts';
import { readDocument } from './read.ts';

/** Reads a directory file. Never throws for what a person wrote. */
export function readDirectory(
  source: Source,
):
  | { readonly ok: true; readonly directory: DirectoryFile }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const read = readDocument(directoryFile, source);
  return read.ok ? { ok: true, directory: read.value } : read;
}
