import { type CommandWord, programName } from './pattern.ts';

/** Which arguments of a program are text in a language where `*` and its kin mean something else. */
interface Grammar {
  /** Every argument is mere text. */
  readonly all?: true;
  /** The first operand is a program or a regular expression. */
  readonly firstOperand?: true;
  /** The value of these options is. */
  readonly options?: readonly string[];
}

const TEXT: Grammar = { all: true };
const EXPRESSION: Grammar = { firstOperand: true, options: ['-e', '--expression', '--regexp'] };
const SQL: Grammar = { options: ['-c', '--command', '-e', '--execute', '-q', '--query'] };

const GRAMMARS: ReadonlyMap<string, Grammar> = new Map([
  ...['echo', 'printf', 'logger', 'wall'].map((name) => [name, TEXT] as const),
  ...[
    'grep',
    'egrep',
    'fgrep',
    'zgrep',
    'pgrep',
    'pkill',
    'sed',
    'awk',
    'gawk',
    'mawk',
    'jq',
    'yq',
    'expr',
  ].map((name) => [name, EXPRESSION] as const),
  ...['psql', 'mysql', 'mariadb', 'clickhouse-client'].map((name) => [name, SQL] as const),
  ['sqlite3', { all: true }],
  ['kubectl', { options: ['-o', '--output', '-p', '--patch'] }],
  ['curl', { options: ['-w', '--write-out', '-d', '--data', '--data-raw', '-H', '--header'] }],
]);

/** Indexes of the words that are SQL, a regular expression, a template or mere text, and so hold no wildcards. */
export function wordsInOtherLanguages(words: readonly CommandWord[]): ReadonlySet<number> {
  const start = words.findIndex((word) => GRAMMARS.has(programName(word)));
  const grammar = GRAMMARS.get(programName(words[start]));
  if (grammar === undefined) return new Set();
  const indexes = words.map((_, index) => index).filter((index) => index > start);
  if (grammar.all) return new Set(indexes);
  const found = indexes.filter((index) => isOptionValue(words, index, grammar.options ?? []));
  const program = grammar.firstOperand && found.length === 0 ? firstOperand(words, start) : [];
  return new Set([...found, ...program]);
}

function isOptionValue(words: readonly CommandWord[], index: number, options: readonly string[]): boolean {
  const value = words[index]?.value ?? '';
  const before = words[index - 1]?.value ?? '';
  return options.includes(before) || options.some((option) => value.startsWith(`${option}=`));
}

function firstOperand(words: readonly CommandWord[], start: number): readonly number[] {
  const index = words.findIndex((word, at) => at > start && !word.value.startsWith('-'));
  return index === -1 ? [] : [index];
}
