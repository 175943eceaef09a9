import type { LocatedPattern } from '../located-pattern.ts';
import type { Flaw, LintRule, LintSubject } from '../rule.ts';
import { wildcardOf } from '../shell/argument.ts';
import type { PatternKind } from '../shell/pattern.ts';

const RESOLVE = 'Resolve it beforehand to a counted list of exact names, and write that list into the plan.';

/** Wildcards, and what can hide one (POLICY section 2: no wildcard globbing). */
export const wildcardRules: readonly LintRule[] = [
  {
    id: 'wildcard',
    level: 'error',
    counts: 'wildcards',
    policy: 'no-globs',
    find: (subject) => flaws(subject, 'wildcard', 'plan', RESOLVE),
  },
  {
    id: 'wildcard-in-script',
    level: 'error',
    counts: 'wildcards',
    policy: 'no-globs',
    find: (subject) => flaws(subject, 'wildcard', 'script', RESOLVE),
  },
  {
    id: 'host-pattern',
    level: 'error',
    counts: 'wildcards',
    policy: 'no-globs',
    find: (subject) =>
      ['plan' as const, 'script' as const].flatMap((where) =>
        flaws(
          subject,
          'host-pattern',
          where,
          'Name the hosts one by one, each of them a target of the plan.',
        ),
      ),
  },
  {
    id: 'unreadable-code',
    level: 'error',
    counts: 'wildcards',
    policy: 'no-globs',
    find: (subject) =>
      ['plan' as const, 'script' as const].flatMap((where) =>
        flaws(
          subject,
          'unreadable',
          where,
          'Write it so that it can be read before it runs, in a known language.',
        ),
      ),
  },
  {
    id: 'target-pattern',
    level: 'error',
    counts: 'wildcards',
    policy: 'no-globs',
    find: ({ plan }) =>
      plan.targets.flatMap(({ name }, i) =>
        wildcardOf(name) === null && !name.startsWith('-')
          ? []
          : [
              {
                path: ['targets', i, 'name'],
                message: `expected the exact name of one target, got \`${name}\``,
                fix: RESOLVE,
              },
            ],
      ),
  },
  {
    id: 'wildcard-in-check',
    level: 'warning',
    counts: null,
    policy: null,
    find: (subject) =>
      (['wildcard', 'host-pattern', 'unreadable'] as const).flatMap((kind) =>
        flaws(subject, kind, 'check', 'Name what is measured: a pattern may match more, or nothing.'),
      ),
  },
  {
    id: 'unquoted-expansion',
    level: 'warning',
    counts: null,
    policy: null,
    find: (subject) =>
      ['plan' as const, 'script' as const].flatMap((where) =>
        flaws(subject, 'unquoted', where, 'Put it in double quotes.'),
      ),
  },
  {
    id: 'inline-code',
    level: 'warning',
    counts: null,
    policy: null,
    find: (subject) =>
      flaws(subject, 'inline-code', 'plan', 'Put it into a script with a digest and a dry run.'),
  },
];

function flaws(
  { patterns }: LintSubject,
  kind: PatternKind,
  where: LocatedPattern['where'],
  fix: string,
): readonly Flaw[] {
  return patterns
    .filter((pattern) => pattern.kind === kind && pattern.where === where)
    .map(({ text, because, path, elsewhere }) => ({
      path,
      message: `expected ${EXPECTED[kind]}, got \`${oneLine(text)}\`: it ${because}`,
      fix,
      ...(elsewhere && { elsewhere }),
    }));
}

const EXPECTED: Readonly<Record<PatternKind, string>> = {
  wildcard: 'exact names',
  'host-pattern': 'hosts by name',
  unreadable: 'code that can be read for wildcards',
  unquoted: 'a quoted expansion',
  'inline-code': 'a script',
};

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
