import { type CodeToken, type ForeignLanguage, tokensOf } from './code-tokens.ts';
import type { Pattern } from './pattern.ts';

/** What a program in another language may do to names: match them itself, or hand text to a shell. */
export interface CodeReading {
  readonly globs: readonly Pattern[];
  /** `whole`: the text is all that the shell gets; otherwise a piece of it, which need not parse by itself. */
  readonly shellTexts: readonly { readonly text: string; readonly offset: number; readonly whole: boolean }[];
}

const GLOB_CALLS = new Set(['glob', 'globSync', 'iglob', 'rglob', 'fnmatch', 'bsd_glob', 'Dir']);
const SHELL_CALLS = new Set(
  (
    'system popen popen2 popen3 getoutput getstatusoutput exec execSync run call check_call check_output Popen ' +
    'capture2 capture2e capture3 spawn spawnSync qx'
  ).split(' '),
);
/** Whose method such a call may be; any other object's `exec` or `run` is about something else. */
const SHELL_OBJECTS = new Set(
  'subprocess os commands child_process childProcess cp Kernel Open3 IO Process'.split(' '),
);

/** Reads a program just far enough to tell its calls, strings and comments apart. */
export function readCode(source: string, language: ForeignLanguage): CodeReading {
  const tokens = tokensOf(source, language);
  const calls = callsAround(tokens);
  const globs = tokens.flatMap((token, index): Pattern[] => {
    const next = tokens[index + 1]?.text;
    const isCall = token.kind === 'name' && GLOB_CALLS.has(token.text) && (next === '(' || next === '[');
    const because = `calls \`${token.text}\`, which matches names when it runs`;
    return isCall ? [{ kind: 'wildcard', text: token.text, offset: token.offset, because }] : [];
  });
  const shellTexts = tokens.flatMap((token, index) => {
    const runs = token.kind === 'back-ticks' && (language === 'ruby' || language === 'perl');
    const whole = token.kind === 'shell-line' || runs;
    const isText = whole || ((token.kind === 'string' || token.kind === 'back-ticks') && calls[index]);
    return isText ? [{ text: token.text, offset: token.offset, whole }] : [];
  });
  return { globs, shellTexts };
}

/** For every token, whether it stands among the arguments of a call that hands them to a shell. */
function callsAround(tokens: readonly CodeToken[]): readonly boolean[] {
  const open: boolean[] = [];
  let inShellCalls = 0;
  return tokens.map(({ kind, text }, index) => {
    if (kind === 'mark' && text === '(') {
      open.push(isShellCall(tokens, index - 1));
      if (open.at(-1)) inShellCalls += 1;
    }
    if (kind === 'mark' && text === ')' && open.pop()) inShellCalls -= 1;
    // Ruby and Perl call without brackets: `system "rm *"`.
    return inShellCalls > 0 || isShellCall(tokens, index - 1);
  });
}

function isShellCall(tokens: readonly CodeToken[], index: number): boolean {
  const name = tokens[index];
  if (name?.kind !== 'name' || !SHELL_CALLS.has(name.text)) return false;
  return tokens[index - 1]?.text !== '.' || isShellObject(tokens, index - 2);
}

/** `child_process`, or where it is imported on the spot: `require('node:child_process')`, `__import__("os")`. */
function isShellObject(tokens: readonly CodeToken[], index: number): boolean {
  const named = tokens[index]?.text === ')' ? tokens[index - 1] : tokens[index];
  return SHELL_OBJECTS.has((named?.text ?? '').replace(/^["']?(node:)?|["']$/g, ''));
}
