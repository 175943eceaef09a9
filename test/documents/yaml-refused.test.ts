import { describe, expect, test } from 'vitest';
import { parseText } from '../../src/documents/parse.ts';
import { formatProblem } from '../../src/documents/problem.ts';

function problems(text: string): string[] {
  const read = parseText({ file: 'f.yaml', text });
  return read.ok ? [] : read.problems.map(formatProblem);
}

describe('what is YAML only to some, or an attack', () => {
  test.each([
    [
      'an alias of what it stands in',
      'at: 2026-11-17T15:10:00Z\naction: ask\nrunning: &r [*r]',
      'f.yaml:3:14: expected an alias of what ends before it, got `*r`',
    ],
    ['an alias of nothing', 'at: *x', 'f.yaml:1:5: expected an anchor before its alias, got only `*x`'],
    [
      'a bracket that stays open',
      'at: [',
      'f.yaml:1:6: expected YAML or JSON that can be read, got no closing bracket',
    ],
    [
      'a tab',
      'change:\n\tid: a',
      'f.yaml:2:1: expected YAML or JSON that can be read, got a tab as indentation',
    ],
    [
      'a text without its quotes',
      'at: @now',
      'f.yaml:1:5: expected YAML or JSON that can be read, got `@now` where no value can begin or go on',
    ],
    [
      'a bracket as far out as its key',
      'people: [\n  a\n]',
      'f.yaml:3:1: expected YAML or JSON that can be read, got a line no farther in than the key',
    ],
    ['a key behind a list', 'a:\n- - [b] k:\n', 'f.yaml:2:9: expected a key at the beginning of a line'],
    [
      'a key behind the name of its mapping',
      'a: &x b: 1',
      'f.yaml:1:7: expected a key at the beginning of a line',
    ],
    ['a key that is null', '~: 1', 'f.yaml:1:1: expected a key, got `null`'],
    ['a key that is not there', ': 1', 'f.yaml:1:1: expected a key, got none'],
    ['one key as a number and as a text', '1: a\n"1": b', 'f.yaml:2:1: expected every key once'],
    ['an alias as key', 'a: &x b\n*x : c', 'f.yaml:2:1: expected a plain key, got an alias as key'],
    [
      'a line that ends half',
      'at: a\rb',
      'f.yaml:1:6: expected lines that end by a line feed, got a carriage',
    ],
    ['another YAML', '%YAML 1.1\n---\nat: yes', 'f.yaml:1:1: expected no directive, got `%YAML 1.1`'],
    ['a character that is none', 'at: "\\U00110000"', 'f.yaml:1:6: expected a character of Unicode'],
    [
      'a number by its tag that is none',
      'at: !!int 0b1',
      'f.yaml:1:5: expected YAML or JSON that can be read, got a',
    ],
  ])('%s is refused, and said where', (_, text, problem) => {
    expect(problems(text)[0]?.slice(0, problem.length)).toBe(problem);
  });

  test('ends with merges that multiply', () => {
    const doubled = Array.from(
      { length: 40 },
      (_, at) => `m${at + 1}: &m${at + 1} { <<: [*m${at}, *m${at}] }`,
    );
    const chained = Array.from(
      { length: 400 },
      (_, at) => `m${at + 1}: &m${at + 1} { <<: *m${at}, k${at}: 1 }`,
    );
    expect(problems(`m0: &m0 { a: 1 }\n${doubled.join('\n')}`)[0]).toMatch(
      /expected aliases that stand for at most/,
    );
    expect(problems(`m0: &m0 { a: 1 }\n${chained.join('\n')}`)[0]).toMatch(
      /expected aliases that stand for at most/,
    );
  });
});
