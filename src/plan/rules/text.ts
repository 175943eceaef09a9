import { secretIn, secretOption } from '../secret.ts';
import { hiddenCharacterIn } from '../hidden-character.ts';
import { placeholderIn } from './placeholder.ts';
import { placeIn } from '../located-pattern.ts';
import type { Flaw, LintRule, LintSubject } from '../rule.ts';
import type { PlacedText, PlanPath } from '../walk.ts';

/** The words of a plan: finished, honest to the eye, and without secrets. */
export const textRules: readonly LintRule[] = [
  {
    id: 'placeholder',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ texts }) =>
      texts.flatMap(({ text, path }) => {
        const placeholder = placeholderIn(text, isCode(path) ? 'code' : 'prose');
        return placeholder === null
          ? []
          : [
              {
                path,
                message: `expected a finished text, got the placeholder \`${placeholder}\``,
                fix: 'Write what is meant, or leave the line out.',
              },
            ];
      }),
  },
  {
    id: 'missing-section',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: ({ plan }) => [
      ...(plan.assumptions.length > 0
        ? []
        : [
            missing(
              'assumptions',
              'assumption',
              'Say what must be true of the environment, and which check proves it.',
            ),
          ]),
      ...(plan.watch.length > 0
        ? []
        : [
            missing(
              'watch',
              'metric to watch',
              'Say which metric would show harm, and which value means roll back.',
            ),
          ]),
    ],
  },
  {
    id: 'hidden-character',
    level: 'error',
    counts: 'complete',
    policy: null,
    find: (subject) =>
      textsOf(subject).flatMap(({ text, path, file }) => {
        const hidden = hiddenCharacterIn(text);
        return hidden === null
          ? []
          : [
              {
                path,
                message: `expected text that reads as it runs, got the invisible character ${hidden.name}`,
                fix: 'Take it out: what reviewers see has to be what is executed.',
                ...(file !== undefined && { elsewhere: { file, ...placeIn(text, hidden.offset) } }),
              },
            ];
      }),
  },
  {
    id: 'secret',
    level: 'error',
    counts: null,
    policy: null,
    find: (subject) => [...secretsInTexts(subject), ...secretsInOptions(subject)],
  },
];

const CODE_FIELDS: ReadonlySet<string | number> = new Set(
  'command shell argv arguments dryRun interpreter onCancel corrective query env'.split(' '),
);

const isCode = (path: PlanPath) => path.some((key) => CODE_FIELDS.has(key));

interface FiledText extends PlacedText {
  /** The script that the text is; of a text of the plan there is none. */
  readonly file?: string;
}

function textsOf({ steps, scripts, texts }: LintSubject): readonly FiledText[] {
  const ofScripts = steps.flatMap(({ step, path }): readonly FiledText[] => {
    const source = step.script && scripts.get(step.script.path);
    if (!step.script || !source || 'problem' in source || source.text === null) return [];
    return [{ text: source.text, path: [...path, 'script', 'path'], file: step.script.path }];
  });
  return [...texts, ...ofScripts];
}

function secretsInTexts(subject: LintSubject): readonly Flaw[] {
  return textsOf(subject).flatMap(({ text, path, file }) => {
    const secret = secretIn(text, path);
    return secret === null
      ? []
      : [
          {
            ...secretFlaw(path, secret.kind),
            ...(file !== undefined && { elsewhere: { file, ...placeIn(text, secret.offset) } }),
          },
        ];
  });
}

function secretsInOptions({ commands, checkCommands }: LintSubject): readonly Flaw[] {
  return [...commands, ...checkCommands].flatMap(({ argv, path }) => {
    const index = secretOption(argv);
    return index === null ? [] : [secretFlaw([...path, index], 'a password or token after its option')];
  });
}

/** The secret itself is not repeated: findings are stored and shown. */
const secretFlaw = (path: PlanPath, kind: string): Flaw => ({
  path,
  message: `expected no secret, got what looks like ${kind}`,
  fix: 'Change the secret, it is known now; let the step read it from a variable named in `passEnv`.',
});

const missing = (section: string, what: string, fix: string): Flaw => ({
  path: [section],
  message: `expected at least one ${what}, got none`,
  fix,
});
