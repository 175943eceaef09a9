import module from 'node:module';
import path from 'node:path';

/** In one line, as it passes through a shell where a session's pane is recorded. */
const BOOT = [
  'const [cache, file, name, ...args] = process.argv.slice(1)',
  "if (cache !== '') (await import('node:module')).enableCompileCache(cache)",
  'await (await import(file))[name](args)',
].join('; ');

/**
 * What Node is given for a process that loads one file of the program, with what that imports, and calls one function there: it is up
 * in a few dozen milliseconds, by the same cache of compiled code as the program that starts it.
 */
export function ownProcess(file: string, name: string, args: readonly string[]): readonly string[] {
  return ['--input-type=module', '--eval', BOOT, cacheFolder(), file, name, ...args];
}

function cacheFolder(): string {
  // The one in use lies in the one that was asked for, and is named after what it is good for.
  const inUse = module.getCompileCacheDir();
  return inUse === undefined ? '' : path.dirname(inUse);
}
