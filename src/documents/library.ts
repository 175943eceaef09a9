import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { Source } from './problem.ts';

/** The names of the procedures that ship with the product. */
export async function namesOfLibrary(): Promise<string[]> {
  const files = await readdir(shipped(''));
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .toSorted();
}

/** One of them as it ships. The name is one of `namesOfLibrary`. */
export async function readOfLibrary(name: string): Promise<Source> {
  const file = `${name}.yaml`;
  return { file, text: await readFile(shipped(file), 'utf8') };
}

/** A script beside it, at the path that its plan names it with: one that leads nowhere else. */
export function readBesideLibrary(path: string): Promise<string> {
  return readFile(shipped(path), 'utf8');
}

/** A file that ships with the product: the sources and a published build lie at different depths. */
export function shipped(path: string): URL {
  const near = new URL(`../../procedures/${path}`, import.meta.url);
  return existsSync(near) ? near : new URL(`../../../procedures/${path}`, import.meta.url);
}
