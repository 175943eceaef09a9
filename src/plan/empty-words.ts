const NOTHING = new Set(
  'n/a na none nothing no not - -- … . ? x xx xxx tbd ok fine yes todo unknown needed applicable required tested yet'.split(
    ' ',
  ),
);

const REVERT = /^(revert(ed|ing)?|roll(ed|ing)?|rollback|undo|undone|restore[ds]?|back-?out)$/;

const AROUND_REVERT = new Set(
  (
    'a all and any as back backout be before by can change changes commit do everything here if in is it its just merge ' +
    'mr necessary needed of only original our out please plan pr previous prior procedure request required same simply ' +
    'state step steps that the them then this to undo version we will with work'
  ).split(' '),
);

/** Whoever writes more than this says something. */
const MAX_LENGTH = 300;

const wordsOf = (text: string) =>
  text
    .slice(0, MAX_LENGTH)
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(/^["'`(]+|["'`.,;:!)]+$/g, ''))
    .filter((word) => word !== '');

/** Whether a text that was asked for a reason or a fact gives none: `n/a`, `none`, `-`, `not tested`. */
export function saysNothing(text: string): boolean {
  return text.length <= MAX_LENGTH && wordsOf(text).every((word) => NOTHING.has(word));
}

/** Whether a text says no more than that the change is to be reverted: "Revert the change", "roll back if needed". */
export function saysOnlyRevert(text: string): boolean {
  const words = wordsOf(text);
  const says = words.some((word) => REVERT.test(word));
  return (
    text.length <= MAX_LENGTH && says && words.every((word) => REVERT.test(word) || AROUND_REVERT.has(word))
  );
}
