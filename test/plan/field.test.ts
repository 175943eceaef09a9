import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readPlan } from '../../src/plan/read.ts';
import { type Edit, findingsOf, planText } from './sound-plan.ts';

interface FieldError extends Edit {
  readonly error: string;
  readonly problems?: readonly string[];
  readonly rules?: readonly string[];
  readonly warns?: readonly string[];
}

const ERRORS = parse(
  readFileSync(new URL('../fixtures/plans/field.yaml', import.meta.url), 'utf8'),
) as readonly FieldError[];

test.each(ERRORS)('caught: $error', ({ problems, rules, warns = [], ...edit }) => {
  const text = planText(edit);
  const read = readPlan({ file: 'plan.yaml', text });
  expect(read.ok ? [] : read.problems.map(({ message }) => message)).toEqual(problems ?? []);
  if (!read.ok) return;
  const findings = findingsOf(text);
  const ofLevel = (wanted: string) =>
    findings.filter(({ level }) => level === wanted).map(({ rule }) => rule);
  expect(ofLevel('error')).toEqual(rules);
  expect(ofLevel('warning').toSorted()).toEqual(warns);
});
