import type { Flaw, LintRule, LintSubject } from '../rule.ts';
import type { PlacedStep, PlanPath } from '../walk.ts';
import { unsafePath } from '../scripts.ts';

type Script = NonNullable<PlacedStep['step']['script']>;

/** Scripts: what runs is byte for byte what was reviewed, and was tried dry. */
export const scriptRules: readonly LintRule[] = [
  {
    id: 'script-path',
    level: 'error',
    counts: 'wildcards',
    policy: null,
    find: (subject) =>
      scriptsOf(subject).flatMap(({ script, path }) => {
        const unsafe = unsafePath(script.path);
        return unsafe === null
          ? []
          : [
              {
                path: [...path, 'path'],
                message: `expected the path of a script beside the plan or below it, got \`${script.path}\`: it ${unsafe}`,
                fix: 'Put the script into the folder of the plan and name it from there.',
              },
            ];
      }),
  },
  {
    id: 'script-missing',
    level: 'error',
    counts: 'wildcards',
    policy: null,
    find: (subject) =>
      scriptsOf(subject).flatMap(({ script, path }) => {
        const source = subject.scripts.get(script.path);
        if ((source && !('problem' in source)) || unsafePath(script.path) !== null) return [];
        return [
          {
            path: [...path, 'path'],
            message: `expected a readable script, got \`${script.path}\`: ${source ? source.problem : 'it was not given'}`,
            fix: 'Put the script where the plan says it is; what cannot be read cannot be reviewed.',
          },
        ];
      }),
  },
  {
    id: 'script-digest',
    level: 'error',
    counts: 'wildcards',
    policy: null,
    find: (subject) =>
      scriptsOf(subject).flatMap(({ script, path }) => {
        const source = subject.scripts.get(script.path);
        if (!source || 'problem' in source || source.sha256 === script.sha256) return [];
        return [
          {
            path: [...path, 'sha256'],
            message: `expected the SHA-256 of \`${script.path}\` to be \`${script.sha256}\`, got \`${source.sha256}\``,
            fix: `Review the script as it is now, then write \`sha256: ${source.sha256}\`.`,
          },
        ];
      }),
  },
  {
    id: 'script-without-dry-run',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: (subject) =>
      scriptsOf(subject).flatMap(({ script, path, list }) =>
        script.dryRun !== undefined || list === 'rollback'
          ? []
          : [
              {
                path,
                message: `expected \`dryRun\` with the arguments of a dry run, got none for \`${script.path}\``,
                fix: 'Give the script a dry-run mode, and write its arguments as `dryRun`.',
              },
            ],
      ),
  },
  {
    id: 'script-as-command',
    level: 'error',
    counts: 'wildcards',
    policy: null,
    find: ({ commands }) =>
      commands
        .filter(({ path }) => path.at(-2) !== 'script')
        .flatMap(({ argv, path }) => scriptAsCommand(argv, path)),
  },
];

function scriptsOf({
  steps,
}: LintSubject): readonly { script: Script; path: PlanPath; list: 'steps' | 'rollback' }[] {
  return steps.flatMap(({ step, path, list }) =>
    step.script ? [{ script: step.script, path: [...path, 'script'], list }] : [],
  );
}

const SCRIPT_FILE = /\.(sh|bash|ksh|py|rb|pl|js|mjs|cjs|ts|mts|sql|php|lua)$/;

/** An installed program may be named; a script in a command escapes its digest, and nobody reads it for wildcards. */
function scriptAsCommand(argv: readonly string[], path: PlanPath): readonly Flaw[] {
  const index = argv.findIndex((argument, i) =>
    i === 0 ? argument.includes('/') && !argument.startsWith('/') : isScriptFile(argument),
  );
  if (index === -1) return [];
  return [
    {
      path: [...path, index],
      message: `expected an installed program and its arguments, got the script \`${argv[index]}\``,
      fix: 'Write it as `script`, with its digest and its dry run.',
    },
  ];
}

const isScriptFile = (argument: string) => SCRIPT_FILE.test(argument) && !/^[a-z+]+:\/\//.test(argument);
