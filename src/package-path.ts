import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of the package: the sources and a published build lie at different depths. */
export function packagePath(relative: string): string {
  const near = fileURLToPath(new URL(`../${relative}`, import.meta.url));
  return existsSync(near) ? near : fileURLToPath(new URL(`../../${relative}`, import.meta.url));
}
