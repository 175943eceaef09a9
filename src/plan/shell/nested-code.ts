import { type CommandWord, programName } from './pattern.ts';

export type CodeLanguage = 'shell' | 'sql' | 'javascript' | 'python' | 'ruby' | 'perl';

/** Code that a command hands to an interpreter as an argument; `code` is `null` where it is only known at run time. */
export interface NestedCode {
  readonly language: CodeLanguage;
  readonly code: string | null;
  readonly offset: number;
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh']);

export const isShell = (name: string): boolean => SHELLS.has(name);

const INTERPRETERS: readonly (readonly [RegExp, CodeLanguage, RegExp])[] = [
  [/^python[\d.]*$/, 'python', /^-[A-Za-z]*c$/],
  [/^perl[\d.]*$/, 'perl', /^-[A-Za-z]*[eE]$/],
  [/^ruby[\d.]*$/, 'ruby', /^-[A-Za-z]*e$/],
  [/^(node|nodejs|bun|deno)$/, 'javascript', /^(-[pe]+|--eval|--print|eval)$/],
];

const INTERPRETER = new RegExp(INTERPRETERS.map(([program]) => program.source).join('|'));

/** Programs that give one of their arguments to a shell, and the option that marks it. */
const RUNS_SHELL = new Map([
  ['su', /^(-[a-z]*c|--command)$/],
  ['runuser', /^(-[a-z]*c|--command)$/],
  ['script', /^(-[a-z]*c|--command)$/],
  ['flock', /^(-c|--command)$/],
  ['env', /^(-S|--split-string)$/],
]);

/** A command of more words is none that can be read. */
export const MAX_WORDS = 2_000;

/**
 * Every piece of code in the arguments of a command, whatever wraps it (`sudo`, `timeout`, `docker exec`, …). Nothing where it
 * has too many words: each of them might be a program, with all that come after it as its code.
 */
export function nestedCode(words: readonly CommandWord[]): readonly NestedCode[] {
  if (words.length > MAX_WORDS) return [];
  return words.flatMap((word, index) => codeAfter(programName(word), words, index));
}

function codeAfter(name: string, words: readonly CommandWord[], index: number): readonly NestedCode[] {
  const rest = () => words.slice(index + 1);
  if (name === 'eval' && index === 0) return joined(rest());
  if (name === 'watch' && index === 0)
    return joined(rest().slice(operandIndex(rest(), ['-n', '--interval'])));
  if (name === 'ssh') {
    const afterHost = rest().slice(operandIndex(rest(), SSH_OPTIONS_WITH_VALUE) + 1);
    return [...sshCommands(rest()), ...joined(afterHost)];
  }
  const flag = isShell(name) ? /^-[A-Za-z]*c$/ : RUNS_SHELL.get(name);
  if (flag) return afterFlag(rest(), flag, 'shell');
  if (!INTERPRETER.test(name)) return [];
  return INTERPRETERS.filter(([program]) => program.test(name)).flatMap(([, language, option]) =>
    afterFlag(rest(), option, language),
  );
}

const SSH_OPTIONS_WITH_VALUE = 'BbcDEeFIiJLlmOopQRSWw'.split('').map((letter) => `-${letter}`);

/** Options of ssh whose value this host or the other gives to a shell: `-oProxyCommand=…`, `-o 'LocalCommand …'`. */
const SSH_COMMAND =
  /^(?:-[46AaCfGgKkMNnqsTtVvXxYy]*o)?\s*(?:Proxy|Local|Remote|KnownHosts)Command\s*[= ]\s*/i;

function sshCommands(words: readonly CommandWord[]): readonly NestedCode[] {
  return words.flatMap(({ value, literal, offset }) => {
    const found = SSH_COMMAND.exec(value)?.[0];
    if (found === undefined) return [];
    return [{ language: 'shell' as const, code: literal ? value.slice(found.length) : null, offset }];
  });
}

function operandIndex(words: readonly CommandWord[], valued: readonly string[]): number {
  let index = 0;
  while (words[index]?.value.startsWith('-')) index += valued.includes(words[index]?.value ?? '') ? 2 : 1;
  return index;
}

function joined(words: readonly CommandWord[]): readonly NestedCode[] {
  const [first] = words;
  if (first === undefined) return [];
  const known = words.every(({ literal }) => literal);
  const code = known ? words.map(({ value }) => value).join(' ') : null;
  return [{ language: 'shell', code, offset: first.offset }];
}

function afterFlag(
  words: readonly CommandWord[],
  flag: RegExp,
  language: CodeLanguage,
): readonly NestedCode[] {
  // Wherever the option stands: an argument that is taken for code by mistake is read, and harmless.
  const code = words[words.findIndex(({ value }) => flag.test(value)) + 1];
  if (code === undefined || code === words[0]) return [];
  return [{ language, code: code.literal ? code.value : null, offset: code.offset }];
}
