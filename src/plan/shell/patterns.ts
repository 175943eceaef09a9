import { wildcardOf } from './argument.ts';
import { readCode } from './code-text.ts';
import { hostPatternOf } from './host-pattern.ts';
import { isShell, MAX_WORDS, nestedCode, type NestedCode } from './nested-code.ts';
import { wordsInOtherLanguages } from './other-language.ts';
import { type CommandWord, type Pattern, programName } from './pattern.ts';
import { readShell, type ShellCommand } from './shell-text.ts';

/** What the plan says about its targets: tools that pick hosts may name these, exactly. */
export interface PatternContext {
  readonly targets: ReadonlySet<string>;
}

const MAX_NESTING = 8;
/** Characters of code in code, beyond which nobody reads on. */
const MAX_NESTED_CHARACTERS = 300_000;

/** How much code in code may still be read: `ssh ssh ssh …` holds its own end over and over, at every depth anew. */
interface Reading extends PatternContext {
  charactersLeft: number;
}

const begin = ({ targets }: PatternContext): Reading => ({
  targets,
  charactersLeft: MAX_NESTED_CHARACTERS,
});

/**
 * Everything in a command, given as a list of arguments that no shell sees, that has to be resolved beforehand. The
 * `offset` of a find is the index of its argument; an argument is reported once for each kind.
 */
export function patternsOfCommand(argv: readonly string[], context: PatternContext): readonly Pattern[] {
  const words = argv.map((value, offset) => ({ value, literal: true, offset }));
  const read = { words, nested: nestedCode(words) };
  const found = [...argumentPatterns(read), ...commandPatterns(read, begin(context), 0)];
  const seen = new Set<string>();
  return found.filter(({ kind, offset }) => {
    const key = `${kind}:${offset}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The same of a shell text. */
export function patternsOfShell(source: string, context: PatternContext): readonly Pattern[] {
  return shellPatterns(source, begin(context), 0).toSorted((a, b) => a.offset - b.offset);
}

/** The same of a program in another language: what it hands to a shell, and its own calls that match names. */
export function patternsOfCode(
  source: string,
  language: NestedCode['language'],
  context: PatternContext,
): readonly Pattern[] {
  return codePatterns({ language, code: source, offset: 0 }, begin(context), 0);
}

function shellPatterns(source: string, context: Reading, depth: number): readonly Pattern[] {
  const { patterns, commands } = readShell(source);
  const inside = commands.flatMap((command) => {
    const read = { ...command, nested: nestedCode(command.words) };
    return [
      ...quotedPatterns(read),
      ...commandPatterns(read, context, depth),
      ...inputPatterns(read, context, depth),
    ];
  });
  return [...patterns, ...inside];
}

/** The words of a command, and the code that they carry. */
interface ReadCommand {
  readonly words: readonly CommandWord[];
  readonly nested: readonly NestedCode[];
}

/** Host patterns, and whatever code the arguments carry. */
function commandPatterns(
  { words, nested }: ReadCommand,
  context: Reading,
  depth: number,
): readonly Pattern[] {
  const offset = words[0]?.offset ?? 0;
  if (words.length > MAX_WORDS) {
    return [
      { kind: 'unreadable', text: programName(words[0]), offset, because: 'has too many words to be read' },
    ];
  }
  const inside = nested.flatMap((code) => codePatterns(code, context, depth + 1));
  const because = hostPatternOf(words, context.targets);
  if (because === null) return inside;
  const text = words.map(({ value }) => value).join(' ');
  return [{ kind: 'host-pattern', text, offset, because }, ...inside];
}

function codePatterns(nested: NestedCode, context: Reading, depth: number): readonly Pattern[] {
  const { language, code, offset } = nested;
  if (code === null) {
    const because = `hands ${language} code to an interpreter that is only known when it runs`;
    return [{ kind: 'unreadable', text: language, offset, because }];
  }
  // A short text costs its reading all the same.
  context.charactersLeft -= depth === 0 ? 0 : code.length + 100;
  if (depth > MAX_NESTING || context.charactersLeft < 0) {
    return [
      {
        kind: 'unreadable',
        text: code.slice(0, 200),
        offset,
        because: 'nests code in code too deeply to be read',
      },
    ];
  }
  const inner =
    language === 'shell' ? shellPatterns(code, context, depth) : foreignPatterns(code, language, context);
  if (depth === 0) return inner;
  const inline: Pattern[] =
    language === 'shell'
      ? []
      : [
          {
            kind: 'inline-code',
            text: code,
            offset,
            because: `carries a ${language} program in an argument`,
          },
        ];
  return [...inline, ...inner.map((pattern) => ({ ...pattern, offset }))];
}

function foreignPatterns(
  code: string,
  language: Exclude<NestedCode['language'], 'shell'>,
  context: Reading,
): readonly Pattern[] {
  const { globs, shellTexts } = readCode(code, language);
  const inShell = shellTexts.flatMap(({ text, offset, whole }) =>
    shellPatterns(text, context, 1)
      .filter(({ kind }) => whole || kind === 'wildcard' || kind === 'host-pattern')
      .map((pattern) => ({ ...pattern, offset })),
  );
  return [...globs, ...inShell];
}

/** `bash <<EOF` and `ssh host <<EOF` run what they read; `curl … | sh` runs what nobody has seen. */
function inputPatterns(
  command: ShellCommand & ReadCommand,
  context: Reading,
  depth: number,
): readonly Pattern[] {
  const { words } = command;
  if (!readsCode(command)) return [];
  if (command.input) {
    const code = { language: 'shell', code: command.input.text, offset: command.input.offset } as const;
    return codePatterns(code, context, depth + 1);
  }
  if (!command.piped) return [];
  const because = 'feeds a shell from a pipe, so what it runs is only known when it runs';
  return [{ kind: 'unreadable', text: words[0]?.value ?? '', offset: command.offset, because }];
}

/** Whether a command takes its code from standard input: a shell without a script, or `ssh HOST` without a command. */
function readsCode({ words, nested }: ReadCommand): boolean {
  const shell = words.findIndex((word) => isShell(programName(word)));
  if (shell === -1) return programName(words[0]) === 'ssh' && nested.length === 0;
  const rest = words.slice(shell + 1).map(({ value }) => value);
  return rest.includes('-s') || rest.every((value) => value.startsWith('-'));
}

/** In an argument list nothing is quoted: every argument that is not another language's text is taken at its word. */
function argumentPatterns({ words, nested }: ReadCommand): readonly Pattern[] {
  const foreign = wordsInOtherLanguages(words);
  const code = new Set(nested.map((one) => one.code));
  return words.flatMap((word, index) => {
    const wildcard = foreign.has(index) || code.has(word.value) ? null : wildcardOf(word.value);
    if (wildcard === null) return [];
    const because = `holds the wildcard \`${wildcard}\``;
    return [{ kind: 'wildcard' as const, text: word.value, offset: word.offset, because }];
  });
}

/** Programs that fill patterns themselves, so that quoting keeps nothing from them. */
const FILLS_PATTERNS = new Set(
  (
    'find fd fdfind locate rsync scp sftp rclone lftp tar unzip zip aws gsutil gcloud s3cmd mc salt knife ansible ' +
    'ansible-playbook kubectl oc redis-cli apt apt-get dnf yum systemctl service supervisorctl docker podman'
  ).split(' '),
);

function quotedPatterns(command: ReadCommand): readonly Pattern[] {
  if (!command.words.some((word) => FILLS_PATTERNS.has(programName(word)))) return [];
  return argumentPatterns(command).map((pattern) => ({
    ...pattern,
    because: `${pattern.because}, which the program fills by itself`,
  }));
}
