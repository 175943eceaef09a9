import type { CodeLanguage } from './nested-code.ts';
import type { Pattern } from './pattern.ts';

type Language = Exclude<CodeLanguage, 'shell'>;

/** What a program in another language may do to names: match them itself, or hand text to a shell. */
export interface CodeReading {
  readonly globs: readonly Pattern[];
  readonly shellTexts: readonly { readonly text: string; readonly offset: number }[];
}

interface Token {
  readonly kind: 'name' | 'string' | 'back-ticks' | 'shell-line' | 'mark';
  readonly text: string;
  readonly offset: number;
}

const GLOB_CALLS = new Set(['glob', 'globSync', 'iglob', 'rglob', 'fnmatch', 'bsd_glob', 'Dir']);
const SHELL_CALLS = new Set(
  (
    'system popen popen2 popen3 getoutput getstatusoutput exec execSync run call check_call check_output Popen ' +
    'capture2 capture2e capture3 spawn spawnSync qx'
  ).split(' '),
);

/** Reads a program just far enough to tell names, strings and comments apart; regular expressions are skipped. */
export function readCode(source: string, language: Language): CodeReading {
  const tokens = tokensOf(source, language);
  const globs = tokens.flatMap((token, index): Pattern[] => {
    const next = tokens[index + 1]?.text;
    const calls = token.kind === 'name' && GLOB_CALLS.has(token.text) && (next === '(' || next === '[');
    const because = `calls \`${token.text}\`, which matches names when it runs`;
    return calls ? [{ kind: 'wildcard', text: token.text, offset: token.offset, because }] : [];
  });
  const shellTexts = tokens.filter((token, index) => {
    if (token.kind === 'shell-line') return true;
    if (token.kind === 'back-ticks') return language === 'ruby' || language === 'perl';
    return token.kind === 'string' && SHELL_CALLS.has(callee(tokens, index));
  });
  return { globs, shellTexts };
}

/** The name of the call whose first argument this token is. */
function callee(tokens: readonly Token[], index: number): string {
  const before = tokens[index - 1];
  const name = before?.text === '(' ? tokens[index - 2] : before;
  return name?.kind === 'name' ? name.text : '';
}

const LINE_COMMENTS: Record<Language, string> = {
  sql: '--',
  javascript: '//',
  python: '#',
  ruby: '#',
  perl: '#',
};
const HAS_REGEX = new Set<Language>(['javascript', 'ruby', 'perl']);

function tokensOf(source: string, language: Language): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const { token, end } = nextToken(source, at, { language, last: tokens.at(-1) });
    if (token) tokens.push(token);
    at = Math.max(end, at + 1);
  }
  return tokens;
}

interface Place {
  readonly language: Language;
  readonly last: Token | undefined;
}

function nextToken(source: string, at: number, { language, last }: Place): { token?: Token; end: number } {
  const rest = source.slice(at, at + 3);
  const lineEnd = endOf(source, '\n', at);
  if (/^\s/.test(rest)) return { end: at + 1 };
  if (rest.startsWith(LINE_COMMENTS[language])) return { end: lineEnd };
  if (rest.startsWith('/*') && language !== 'python') return { end: endOf(source, '*/', at + 2) };
  if (rest.startsWith('\\!') && language === 'sql') {
    return { token: { kind: 'shell-line', text: source.slice(at + 2, lineEnd), offset: at }, end: lineEnd };
  }
  const triple = language === 'python' && (rest === '"""' || rest === "'''");
  if (triple) return quoted(source, at, rest, 'string');
  const character = source.charAt(at);
  if (character === '`') return quoted(source, at, '`', 'back-ticks');
  if (character === '"' || character === "'") return quoted(source, at, character, 'string');
  if (character === '/' && HAS_REGEX.has(language) && beginsValue(last)) {
    return { end: quoted(source, at, '/', 'string').end };
  }
  const name = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(source.slice(at, at + 200))?.[0];
  if (name) return { token: { kind: 'name', text: name, offset: at }, end: at + name.length };
  return { token: { kind: 'mark', text: character, offset: at }, end: at + 1 };
}

/** A `/` divides after a value and begins a regular expression anywhere else. */
const beginsValue = (last: Token | undefined) =>
  last === undefined || (last.kind === 'mark' && !/[)\]}\d]/.test(last.text)) || last.text === 'return';

function quoted(
  source: string,
  at: number,
  quote: string,
  kind: Token['kind'],
): { token: Token; end: number } {
  let end = at + quote.length;
  while (end < source.length && !source.startsWith(quote, end)) end += source[end] === '\\' ? 2 : 1;
  const text = source.slice(at + quote.length, end).replaceAll(/\\(["'`\\])/g, '$1');
  return { token: { kind, text, offset: at }, end: end + quote.length };
}

function endOf(source: string, text: string, from: number): number {
  const index = source.indexOf(text, from);
  return index === -1 ? source.length : index + text.length;
}
