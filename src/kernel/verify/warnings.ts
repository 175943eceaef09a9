import { counted, named } from './quantity.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** M13: no answer bore a warning, but for those that the settings list word by word. `answers` has each answer's warnings. */
export function judgeWarnings(
  answers: readonly (readonly string[])[],
  { allowed }: { readonly allowed: readonly string[] },
): Judgement {
  const wanted = 'answers without warnings wanted';
  if (answers.length === 0) return unknown(`${wanted}; there was no answer`);
  const warnings = [...new Set(answers.flat())].filter((warning) => !allowed.includes(warning));
  if (warnings.length > 0) return fail(`${wanted}; got ${named(warnings)}`);
  return pass(
    `${wanted}; ${counted(answers.length, 'answer')} had none${answers.flat().length > 0 ? ' but allowed ones' : ''}`,
  );
}
