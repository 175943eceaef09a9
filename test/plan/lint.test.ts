import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { LINT_RULES } from '../../src/plan/lint.ts';
import { type Edit, findingsOf, planOf, planText, SCRIPT, withScript } from './sound-plan.ts';

/** One case of `test/fixtures/plans/rules/`: an edit of the sound plan, and what becomes of it. */
interface Case extends Edit {
  readonly name: string;
  /** The text of `set-work-mem.sh`, its digest put right; `null` where it is not given. */
  readonly script?: string | null;
  /** Where the finding stands: a path in the plan, or `line:column` in the script. */
  readonly at?: string;
  /** Other rules that rightly speak up as well. */
  readonly also?: readonly string[];
}

interface RuleCases {
  readonly rule: string;
  readonly found: readonly Case[];
  readonly silent: readonly Case[];
}

const folder = new URL('../fixtures/plans/rules/', import.meta.url);
const families = readdirSync(folder).map((file) => ({
  file,
  rules: parse(readFileSync(new URL(file, folder), 'utf8')) as readonly RuleCases[],
}));
const tested = families.flatMap(({ rules }) => rules);

const errorsOf = (one: Case) => {
  const { script = SCRIPT } = one;
  const edit = typeof script === 'string' && script !== SCRIPT ? withScript(script, one) : one;
  const text = planText(edit);
  return { text, findings: findingsOf(text, script) };
};

const pathOf = (dotted: string) => dotted.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));

test('the sound plan is clean', () => {
  expect(findingsOf(planText())).toEqual([]);
});

test('every rule is tested both ways, and no other', () => {
  expect(tested.map(({ rule }) => rule).toSorted()).toEqual(LINT_RULES.map(({ id }) => id).toSorted());
  for (const { rule, found, silent } of tested) {
    expect([rule, found.length > 0, silent.length > 0]).toEqual([rule, true, true]);
  }
});

describe.each(tested)('$rule', ({ rule, found, silent }) => {
  test.each([...found])('finds: $name', (one) => {
    const { text, findings } = errorsOf(one);
    const rules = new Set(findings.map((finding) => finding.rule));
    expect([...rules].toSorted()).toEqual([rule, ...(one.also ?? [])].toSorted());
    if (one.at === undefined) return;
    const places = findings
      .filter((finding) => finding.rule === rule)
      .map(({ line, column }) => ({ line, column }));
    const [line, column] = one.at.split(':').map(Number);
    expect(places).toContainEqual(
      column === undefined ? planOf(text).placeOf(pathOf(one.at)) : { line, column },
    );
  });

  test.each([...silent])('says nothing of: $name', (one) => {
    const { findings } = errorsOf(one);
    expect(findings.map((finding) => finding.rule).toSorted()).toEqual([...(one.also ?? [])].toSorted());
  });
});

test('a message is one line that says what was expected and what was got, and a fix is one line', () => {
  for (const { found } of tested) {
    for (const one of found) {
      for (const { message, fix, line, column } of errorsOf(one).findings) {
        expect(message).toMatch(/^expected [^\n]+, got [^\n]+$/);
        expect(fix).toMatch(/^[A-Z][^\n]+[.?]$/);
        expect([line > 0, column > 0]).toEqual([true, true]);
      }
    }
  }
});
