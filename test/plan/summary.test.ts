import { describe, expect, test } from 'vitest';
import { digestPlan } from '../../src/plan/digest.ts';
import { type PlanSummary, summarisePlan } from '../../src/plan/summary.ts';
import { type Edit, findingsOf, planOf, planText, SCRIPT, sha256, withScript } from './sound-plan.ts';

const summaryOf = (edit: Edit = {}, script: string | null = SCRIPT) => {
  const text = planText(edit);
  const { plan } = planOf(text);
  const { digest, ...counts } = summarisePlan(plan, findingsOf(text, script), digestPlan(plan, sha256));
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  return counts;
};

const SOUND: Omit<PlanSummary, 'digest'> = {
  complete: true,
  preflightChecks: 1,
  postChecks: 2,
  unquantifiedChecks: 0,
  executableSteps: 4,
  manualSteps: 0,
  scriptSteps: 1,
  wildcards: 0,
};

test('the sound plan, in the words of the facts', () => {
  expect(summaryOf()).toEqual(SOUND);
});

const byHand = { instructions: 'Set work_mem to 8MB on the page of db-01.', confirm: 'The page shows 8 MB.' };

describe('what makes which fact worse', () => {
  test.each<readonly [string, Edit, Partial<PlanSummary>]>([
    ['a placeholder', { set: { impact: 'TODO' } }, { complete: false }],
    ['a step that nothing undoes', { remove: ['steps.0.undo'] }, { complete: false }],
    ['a warning', { remove: ['slot'] }, {}],
    [
      'a step by hand without a check, which only warns',
      { set: { kind: 'maintenance', 'steps.2.manual': byHand }, remove: ['steps.2.script', 'steps.2.after'] },
      { manualSteps: 1, scriptSteps: 0, executableSteps: 3 },
    ],
    [
      'an undoing by hand',
      { set: { 'rollback.steps.0.manual': byHand }, remove: ['rollback.steps.0.command'] },
      { executableSteps: 3 },
    ],
    [
      'no pre-flight check',
      { set: { preflight: [], 'assumptions.0': { text: 'It is so.', exception: 'Nobody knows.' } } },
      { preflightChecks: 0 },
    ],
    ['no post-check', { set: { postchecks: [] } }, { postChecks: 0, complete: false }],
    [
      'checks without a value',
      { remove: ['preflight.0.expect', 'steps.0.after.0.expect'] },
      { unquantifiedChecks: 2 },
    ],
    ['two wildcards', { set: { 'steps.0.command.2': 'db-*', 'steps.0.command.3': 'w*' } }, { wildcards: 2 }],
    [
      'a wildcard that an exception is asked for',
      {
        set: { 'steps.0.command.2': 'db-*', exceptions: [{ rule: 'no-globs', reason: 'Made that night.' }] },
      },
      { wildcards: 1 },
    ],
  ])('%s', (_, edit, worse) => {
    expect(summaryOf(edit)).toEqual({ ...SOUND, ...worse });
  });

  test('a script with a wildcard, and one that was not given', () => {
    const wild = '#!/bin/sh\nrm /var/*\n';
    expect(summaryOf(withScript(wild), wild)).toEqual({ ...SOUND, wildcards: 1 });
    expect(summaryOf({}, null)).toEqual({ ...SOUND, wildcards: 1 });
    expect(summaryOf({}, wild)).toEqual({ ...SOUND, wildcards: 2 });
  });
});

test('an exception that is asked for turns the errors of its rule into warnings, and no others', () => {
  const set = {
    'steps.0.command.2': 'db-*',
    impact: 'TODO',
    exceptions: [{ rule: 'no-globs', reason: 'Made that night.' }],
  };
  expect(
    findingsOf(planText({ set })).map(({ rule, level, excepted }) => ({ rule, level, excepted })),
  ).toEqual([
    { rule: 'placeholder', level: 'error', excepted: false },
    { rule: 'wildcard', level: 'warning', excepted: true },
  ]);
});
