import type { Command } from 'commander';
import type { CliContext } from './context.ts';

/** A file with commands, and the names that it adds to the program. */
export interface CommandFile {
  readonly names: readonly [string, ...string[]];
  readonly load: () => Promise<{ readonly register: (program: Command, context: CliContext) => void }>;
}

/** The program's own options that take a value. */
const WITH_VALUE: ReadonlySet<string> = new Set(['--url', '--token-file']);

/**
 * What has to be loaded for this command line: the one file whose command it names, as most of the time to the first word went into
 * loading the others. Help, and whatever is not understood, need to know them all.
 */
export function filesFor(argv: readonly string[], all: readonly CommandFile[]): readonly CommandFile[] {
  const name = named(argv);
  const file = name === undefined ? undefined : all.find(({ names }) => names.includes(name));
  return file === undefined ? all : [file];
}

/** The first word that is neither an option of the program nor its value; nothing where an option is not the program's. */
function named([word, ...rest]: readonly string[]): string | undefined {
  if (word === undefined || !word.startsWith('-')) return word;
  if (WITH_VALUE.has(word)) return named(rest.slice(1));
  const [option = ''] = word.split('=');
  return WITH_VALUE.has(option) ? named(rest) : undefined;
}
