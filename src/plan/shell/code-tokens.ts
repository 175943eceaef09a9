import type { CodeLanguage } from './nested-code.ts';

export type ForeignLanguage = Exclude<CodeLanguage, 'shell'>;

/** `shell-line`: a line that psql hands to a shell (`\! …`). `mark`: any single other character. */
export interface CodeToken {
  readonly kind: 'name' | 'string' | 'back-ticks' | 'shell-line' | 'mark';
  readonly text: string;
  readonly offset: number;
}

interface Grammar {
  readonly comment: string;
  readonly blockComment: boolean;
  /** Whether `/…/` may be a regular expression. */
  readonly regex: boolean;
  /** Whether a string in plain quotes may go on past the end of its line. */
  readonly longStrings: boolean;
}

const GRAMMARS: Readonly<Record<ForeignLanguage, Grammar>> = {
  sql: { comment: '--', blockComment: true, regex: false, longStrings: true },
  javascript: { comment: '//', blockComment: true, regex: true, longStrings: false },
  python: { comment: '#', blockComment: false, regex: false, longStrings: false },
  ruby: { comment: '#', blockComment: false, regex: true, longStrings: true },
  perl: { comment: '#', blockComment: false, regex: true, longStrings: true },
};

/** Cuts a program into names, strings and marks; comments and regular expressions are left out. */
export function tokensOf(source: string, language: ForeignLanguage): readonly CodeToken[] {
  const tokens: CodeToken[] = [];
  let at = 0;
  while (at < source.length) {
    const last = tokens.at(-1);
    const end = endOfComment(source, at, language) ?? endOfRegex(source, at, { language, last });
    const { token, next } = end === null ? tokenAt(source, at, language) : { token: null, next: end };
    if (token) tokens.push(token);
    at = Math.max(next, at + 1);
  }
  return tokens;
}

function endOfComment(source: string, at: number, language: ForeignLanguage): number | null {
  const { comment, blockComment } = GRAMMARS[language];
  if (source.startsWith(comment, at)) return endOf(source, '\n', at);
  return blockComment && source.startsWith('/*', at) ? endOf(source, '*/', at + 2) : null;
}

/** A `/` divides after a value, and begins a regular expression anywhere else; it ends on its line. */
function endOfRegex(
  source: string,
  at: number,
  { language, last }: { readonly language: ForeignLanguage; readonly last: CodeToken | undefined },
): number | null {
  if (source[at] !== '/' || !GRAMMARS[language].regex) return null;
  const afterValue = last && last.text !== 'return' && (last.kind !== 'mark' || /[)\]}\d]/.test(last.text));
  return afterValue ? null : (closing(source, at, '/', false) ?? null);
}

function tokenAt(
  source: string,
  at: number,
  language: ForeignLanguage,
): { readonly token: CodeToken | null; readonly next: number } {
  const character = source.charAt(at);
  if (character.trim() === '') return { token: null, next: at + 1 };
  if (language === 'sql' && source.startsWith('\\!', at)) {
    const next = endOf(source, '\n', at);
    return { token: { kind: 'shell-line', text: source.slice(at + 2, next), offset: at }, next };
  }
  return stringAt(source, at, language) ?? nameAt(source, at) ?? markAt(character, at);
}

function stringAt(source: string, at: number, language: ForeignLanguage) {
  const character = source.charAt(at);
  if (character !== '"' && character !== "'" && character !== '`') return null;
  const triple = language === 'python' && source.startsWith(character.repeat(3), at);
  const quote = triple ? character.repeat(3) : character;
  const isLong = triple || character === '`' || GRAMMARS[language].longStrings;
  const next = closing(source, at, quote, isLong);
  if (next === null) return null;
  const text = source.slice(at + quote.length, next - quote.length).replaceAll(/\\(["'`\\])/g, '$1');
  return {
    token: { kind: character === '`' ? ('back-ticks' as const) : ('string' as const), text, offset: at },
    next,
  };
}

/** Where a quoted text that begins at `at` has ended, or `null` if it does not end where it has to. */
function closing(source: string, at: number, quote: string, long: boolean): number | null {
  for (let i = at + quote.length; i < source.length; i++) {
    if (source[i] === '\\') i += 1;
    else if (source[i] === '\n' && !long) return null;
    else if (source.startsWith(quote, i)) return i + quote.length;
  }
  return null;
}

function nameAt(source: string, at: number) {
  const name = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(source.slice(at, at + 200))?.[0];
  if (name === undefined) return null;
  const next = at + name.length;
  const quote = source.charAt(next);
  // `f"…"`, `r'…'`: a letter that says how the string is to be read.
  const isPrefix = (quote === '"' || quote === "'") && /^[bfru]{1,2}$/i.test(name);
  return { token: isPrefix ? null : { kind: 'name' as const, text: name, offset: at }, next };
}

const markAt = (text: string, offset: number) => ({
  token: { kind: 'mark' as const, text, offset },
  next: offset + 1,
});

function endOf(source: string, text: string, from: number): number {
  const index = source.indexOf(text, from);
  return index === -1 ? source.length : index + text.length;
}
