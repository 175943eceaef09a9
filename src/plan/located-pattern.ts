import type { LintInput, Place } from './rule.ts';
import type { Scripts } from './scripts.ts';
import { scriptLanguage } from './shell/script-language.ts';
import type { Pattern } from './shell/pattern.ts';
import { patternsOfCode, patternsOfCommand, patternsOfShell, type PatternContext } from './shell/patterns.ts';
import type { PlanPath, Walked } from './walk.ts';

/** A pattern with its place: in an argument or shell line of the plan, in a script that it names, or in a check. */
export interface LocatedPattern extends Pattern {
  readonly where: 'plan' | 'script' | 'check';
  readonly path: PlanPath;
  readonly elsewhere?: Place & { readonly file: string };
}

/** Every pattern in what a plan executes, and in the commands of its checks. */
export function locatePatterns({ plan, scripts }: LintInput, lists: Walked): readonly LocatedPattern[] {
  const context = { targets: new Set(plan.targets.map(({ name }) => name)) };
  return [
    ...patternsInCommands(lists, context),
    ...patternsInShellLines(lists, context),
    ...patternsInScripts(lists, scripts, context),
    ...patternsInChecks(lists, context),
  ];
}

const patternsInCommands = ({ commands }: Walked, context: PatternContext): readonly LocatedPattern[] =>
  commands.flatMap(({ argv, path }) =>
    patternsOfCommand(argv, context).map((found) => ({
      ...found,
      where: 'plan',
      path: [...path, found.offset],
    })),
  );

const patternsInShellLines = ({ steps }: Walked, context: PatternContext): readonly LocatedPattern[] =>
  steps.flatMap(({ step: { shell }, path }) =>
    shell === undefined
      ? []
      : patternsOfShell(shell, context).map((found) => ({
          ...found,
          where: 'plan' as const,
          path: [...path, 'shell'],
        })),
  );

const patternsInChecks = ({ checkCommands }: Walked, context: PatternContext): readonly LocatedPattern[] =>
  checkCommands.flatMap(({ argv, path }) =>
    patternsOfCommand(argv, context).map((found) => ({
      ...found,
      where: 'check',
      path: [...path, found.offset],
    })),
  );

function patternsInScripts(
  { steps }: Walked,
  scripts: Scripts,
  context: PatternContext,
): readonly LocatedPattern[] {
  const seen = new Set<string>();
  return steps.flatMap(({ step, path }): readonly LocatedPattern[] => {
    const source = step.script && scripts.get(step.script.path);
    if (!step.script || !source || 'problem' in source || seen.has(step.script.path)) return [];
    seen.add(step.script.path);
    const here: PlanPath = [...path, 'script', 'path'];
    const file = step.script.path;
    return patternsOfScript(source.text, step.script, context).map((found) => ({
      ...found,
      where: 'script',
      path: here,
      elsewhere: { file, ...placeIn(source.text ?? '', found.offset) },
    }));
  });
}

function patternsOfScript(
  text: string | null,
  script: { readonly path: string; readonly interpreter?: readonly string[] | undefined },
  context: PatternContext,
): readonly Pattern[] {
  const unreadable = (because: string): readonly Pattern[] => [
    { kind: 'unreadable', text: script.path, offset: 0, because },
  ];
  if (text === null) return unreadable('is no UTF-8 text');
  const language = scriptLanguage(script, text);
  if (language === null) return unreadable('is in a language that is not known here');
  return language === 'shell' ? patternsOfShell(text, context) : patternsOfCode(text, language, context);
}

/** The line and column of an offset in a text. */
export function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
