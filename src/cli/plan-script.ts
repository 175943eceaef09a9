import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { CliContext } from './context.ts';
import { STDIN } from './input.ts';

/**
 * Reads the scripts that lie beside a plan file or below it; beside the current folder for a plan from standard input.
 * @throws {Error} for a script that is not there, or that a link leads out of the folder.
 */
export function scriptReader(context: CliContext, planFile: string): (path: string) => Promise<Uint8Array> {
  const folder = resolve(context.cwd, planFile === STDIN ? '.' : dirname(planFile));
  return async (path) => {
    const [home, script] = await Promise.all([realpath(folder), realpath(resolve(folder, path))]).catch(
      (cause: unknown) => {
        throw new Error('there is no such file', { cause });
      },
    );
    const way = relative(home, script);
    if (way === '..' || way.startsWith(`..${sep}`))
      throw new Error('a link leads out of the folder of the plan');
    return readFile(script);
  };
}
