import { type Command, forEachChild, parse, type SyntaxNode, type Word, type WordPart } from 'unbash';
import type { CommandWord, Pattern } from './pattern.ts';

/** A simple command of a shell text, and the here-document on its standard input, if there is one. */
export interface ShellCommand {
  readonly words: readonly CommandWord[];
  readonly offset: number;
  readonly input: { readonly text: string; readonly offset: number } | null;
  readonly piped: boolean;
}

/** What shell syntax itself says: what it expands, where it is broken, and its commands, those in substitutions included. */
export interface ShellReading {
  readonly patterns: readonly Pattern[];
  readonly commands: readonly ShellCommand[];
}

type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

interface Reader {
  readonly source: string;
  readonly patterns: Pattern[];
  /** Kind and offset of those patterns: one word is one find of a kind. */
  readonly found: Set<string>;
  readonly commands: ShellCommand[];
  /** Variables that were given a value with a wildcard in it, quoted or not. */
  readonly wild: Set<string>;
}

/**
 * Reads a shell text as a shell does. Patterns of `case`, of `[[ … ]]` and of `${x%…}` match strings, not names, and are
 * left alone. Text that does not parse, or only in part, is one `unreadable` find: what cannot be read is not clean.
 */
export function readShell(source: string): ShellReading {
  const reader: Reader = { source, patterns: [], found: new Set(), commands: [], wild: new Set() };
  if (nestsBeyond(MOST_OPEN, source)) {
    find(reader, 'unreadable', { pos: 0, end: 20 }, 'cannot be read as shell: it nests too deeply');
    return reader;
  }
  try {
    const script = parse(source);
    // Twice: a variable may be used, in a function, before the line that gives it its value.
    collectWild(script, reader.wild);
    walk(script, reader, false);
  } catch (error) {
    // INVARIANT: whatever the parser cannot cope with (nesting beyond the stack) is a find, never a pass.
    find(reader, 'unreadable', { pos: 0, end: 20 }, `cannot be read as shell: ${String(error)}`);
  }
  return { patterns: reader.patterns.toSorted((a, b) => a.offset - b.offset), commands: reader.commands };
}

/** Nobody writes this; the parser needs a time for it that grows with the square of what is open. */
const MOST_OPEN = 500;

function nestsBeyond(most: number, source: string): boolean {
  let open = 0;
  for (const character of source) {
    if (character === '(' || character === '{') open += 1;
    else if ((character === ')' || character === '}') && open > 0) open -= 1;
    if (open > most) return true;
  }
  return false;
}

function collectWild(script: Node<'Script'>, wild: Set<string>): void {
  const collect = (node: SyntaxNode) => {
    if (node.type === 'Assignment' && node.value.type === 'Word' && /[*?[]/.test(node.value.value)) {
      wild.add(node.name);
    }
    forEachChild(node, collect);
  };
  collect(script);
}

/** Inside these, words are strings, and patterns match strings rather than names. */
const WITHOUT_EXPANSION: ReadonlySet<SyntaxNode['type']> = new Set([
  'TestCommand',
  'HereDoc',
  'HereString',
  'Remove',
  'Replace',
  'Slice',
  'CaseModification',
  'ArithmeticExpansion',
  'DoubleQuoted',
  'LocaleString',
] as const);

/** `expands`: whether a word here is subject to the expansion of names. */
function walk(node: SyntaxNode, reader: Reader, expands: boolean): void {
  if (node.type === 'Script') return walkScript(node, reader);
  if (node.type === 'Command') return walkCommand(node, reader, false);
  if (node.type === 'Pipeline') return walkPipeline(node, reader);
  if (node.type === 'Assignment') return walkAssignment(node, reader);
  if (node.type === 'Case') return walkCase(node, reader);
  if (node.type === 'CommandExpansion') return walkSubstitution(node, reader);
  if (node.type === 'Word') return walkWord(node, reader, expands);
  children(node, reader, expands && !WITHOUT_EXPANSION.has(node.type));
}

function walkScript(script: Node<'Script'>, reader: Reader): void {
  for (const { message, pos } of script.errors ?? []) {
    find(reader, 'unreadable', { pos, end: pos + 20 }, `cannot be read as shell: ${message}`);
  }
  children(script, reader, true);
}

function walkCommand(command: Command, reader: Reader, piped: boolean): void {
  reader.commands.push(commandOf(command, reader.source, piped));
  children(command, reader, true);
}

function walkPipeline(pipeline: Node<'Pipeline'>, reader: Reader): void {
  pipeline.commands.forEach((command, index) => {
    if (command.type === 'Command') walkCommand(command, reader, index > 0);
    else walk(command, reader, true);
  });
}

function walkCase(node: Node<'Case'>, reader: Reader): void {
  walk(node.word, reader, false);
  for (const { pattern, body } of node.items) {
    for (const word of pattern) walk(word, reader, false);
    walk(body, reader, true);
  }
}

function children(node: SyntaxNode, reader: Reader, expands: boolean): void {
  forEachChild(node, (child) => walk(child, reader, expands));
}

function walkSubstitution(node: Node<'CommandExpansion'>, reader: Reader): void {
  const { script } = node;
  if (!script) return find(reader, 'unreadable', node, 'cannot be read as shell: it nests too deeply');
  if (script.source === undefined) return walk(script, reader, false);
  // Back-ticks with escapes: the inner text was decoded, and its positions count in the decoded text.
  const inner: Reader = { ...reader, source: script.source, patterns: [], found: new Set(), commands: [] };
  walk({ ...script, type: 'CompoundList' }, inner, true);
  const here = <T extends { readonly offset: number }>(item: T): T => ({ ...item, offset: node.pos });
  // One by one: as arguments of one call, enough of them would not fit on the stack.
  for (const one of inner.patterns) reader.patterns.push(here(one));
  for (const one of inner.commands) reader.commands.push(here({ ...one, words: one.words.map(here) }));
}

function walkAssignment(node: Node<'Assignment'>, reader: Reader): void {
  if (node.index) walk(node.index, reader, false);
  if (node.value.type === 'ArrayValue')
    return node.value.elements.forEach((word) => walk(word, reader, true));
  findTilde(unquotedText(node.value), node.value, reader);
  walk(node.value, reader, false);
}

function walkWord(word: Word, reader: Reader, expands: boolean): void {
  if (expands) {
    const text = unquotedText(word);
    findTilde(text, word, reader);
    findDoubtful(text, word, reader);
    for (const part of word.parts ?? []) findExpansion(part, word, reader);
  }
  children(word, reader, expands);
}

/** A part right under a word stands outside any quotes. */
function findExpansion(part: WordPart, word: Word, reader: Reader): void {
  switch (part.type) {
    case 'Glob':
    case 'ExtendedGlob':
      return find(reader, 'wildcard', word, 'is a pattern that the shell fills with whatever names match');
    case 'BraceExpansion':
      return find(reader, 'wildcard', word, 'is a brace list that the shell multiplies');
    case 'SimpleExpansion':
      return findVariable(part.text.slice(1), word, reader);
    case 'ParameterExpansion':
      return part.prefix === '#' ? undefined : findVariable(part.parameter, word, reader);
    case 'CommandExpansion':
      return find(reader, 'unquoted', word, 'is split and globbed by the shell, because it is not quoted');
    case 'Literal':
    case 'SingleQuoted':
    case 'DoubleQuoted':
    case 'AnsiCQuoted':
    case 'LocaleString':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return;
  }
}

function findVariable(name: string, word: Word, reader: Reader): void {
  if (/^[?#$!]$/.test(name)) return;
  if (reader.wild.has(name)) {
    return find(
      reader,
      'wildcard',
      word,
      `expands \`${name}\` outside quotes, and its value holds a wildcard`,
    );
  }
  find(reader, 'unquoted', word, 'is split and globbed by the shell, because it is not quoted');
}

/** `text`: what nothing quotes of the word. */
function findTilde(text: string, word: Word, reader: Reader): void {
  if (text.startsWith('~') || /[=:]~/.test(text)) {
    find(reader, 'wildcard', word, 'begins with `~`, a home folder that depends on who runs it');
  }
}

/** What shells disagree on is taken for a pattern: brackets around nothing, and brace lists of which parts are quoted. */
function findDoubtful(text: string, word: Word, reader: Reader): void {
  const open = text.indexOf('[');
  if (open !== -1 && text.includes(']', open)) {
    find(reader, 'wildcard', word, 'is a pattern that the shell fills with whatever names match');
  }
  const inside = text.slice(text.indexOf('{') + 1, Math.max(text.lastIndexOf('}'), 0));
  if (text.includes(QUOTED) && text.includes('{') && /,|\.\./.test(inside)) {
    find(reader, 'wildcard', word, 'is a brace list that the shell multiplies');
  }
}

const QUOTED = '\0';

/** The characters of a word that nothing quotes; `QUOTED` stands for the others, and for what expands. */
function unquotedText(word: Word): string {
  const { parts } = word;
  return parts === undefined ? unescaped(word.text) : parts.map(unquotedPart).join('');
}

function unquotedPart({ type, text }: WordPart): string {
  if (type === 'Literal') return unescaped(text);
  return type === 'BraceExpansion' || type === 'Glob' ? text : QUOTED;
}

const unescaped = (text: string) => text.replaceAll(/\\[^]/g, QUOTED);

function find(
  reader: Reader,
  kind: Pattern['kind'],
  at: { readonly pos: number; readonly end: number },
  because: string,
): void {
  const key = `${kind}:${at.pos}`;
  if (reader.found.has(key)) return;
  reader.found.add(key);
  reader.patterns.push({ kind, text: reader.source.slice(at.pos, at.end), offset: at.pos, because });
}

function commandOf(command: Command, source: string, piped: boolean): ShellCommand {
  const words = [command.name, ...command.suffix].filter((part) => part?.type === 'Word');
  const document = command.redirects.find((redirect) => redirect.type === 'HereDoc');
  return {
    words: words.map((word) => ({
      value: word.value,
      literal: (word.parts ?? []).every(isLiteral),
      offset: word.pos,
    })),
    offset: command.pos,
    input: document
      ? { text: source.slice(document.body.pos, document.body.end), offset: document.body.pos }
      : null,
    piped,
  };
}

function isLiteral(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return true;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.every(isLiteral);
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return false;
  }
}
