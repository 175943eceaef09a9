import { describe, expect, test } from 'vitest';
import { readCases } from '../../../src/documents/cases.ts';
import { formatProblem } from '../../../src/documents/problem.ts';
import { caseDifferences } from '../../../src/kernel/policy/case-difference.ts';
import { decide } from '../../../src/kernel/policy/decide.ts';
import { caseFolder, illumidesk, ownCaseFolder, sourcesOf } from '../../kit/policy.ts';

describe.each([...new Set([caseFolder, ownCaseFolder])])('the cases of %s', (folder) => {
  const read = readCases(sourcesOf(folder));
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));

  test.each(read.cases.map((one) => [one.demanded.name, one] as const))('%s', (_, { demanded, facts }) => {
    expect(caseDifferences(demanded, decide(illumidesk, facts))).toEqual([]);
  });

  test('there are as many as there have to be', () => {
    expect(read.cases.length).toBeGreaterThanOrEqual(165);
  });
});
