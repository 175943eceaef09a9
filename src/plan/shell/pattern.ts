/**
 * What a reader of shell text or of an argument list may find:
 * `wildcard` (a glob, brace list or `~` that something expands), `host-pattern` (a tool that picks its own targets),
 * `unreadable` (code that cannot be read, so that wildcards cannot be ruled out), `unquoted` (an expansion that a shell
 * splits and globs), `inline-code` (a program in an argument, in a language other than shell).
 */
export type PatternKind = 'wildcard' | 'host-pattern' | 'unreadable' | 'unquoted' | 'inline-code';

/** One find. `offset` counts UTF-16 code units from the start of the text that was read, or arguments in a list. */
export interface Pattern {
  readonly kind: PatternKind;
  readonly text: string;
  readonly offset: number;
  /** Why this is one, in words that continue "it …". */
  readonly because: string;
}

/** One word of a command: from an argument list always literal, from shell text only if nothing in it expands. */
export interface CommandWord {
  readonly value: string;
  readonly literal: boolean;
  readonly offset: number;
}

/** The program's name without its folder: `/usr/bin/psql` is `psql`. */
export function programName(word: CommandWord | undefined): string {
  return word?.value.slice(word.value.lastIndexOf('/') + 1) ?? '';
}
