import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readFacts } from '../../src/documents/facts.ts';
import { formatProblem } from '../../src/documents/problem.ts';
import { readDocument, readStream } from '../../src/documents/read.ts';

const anything = z.record(z.string(), z.unknown());

function problems(text: string): string[] {
  const read = readFacts({ file: 'f.yaml', text });
  return read.ok ? [] : read.problems.map(formatProblem);
}

describe('a stream of facts', () => {
  const one = '{"at":"2026-11-17T15:10:00Z","action":"ask"}';
  test.each([
    ['one JSON document', one, 1],
    ['JSON documents on lines', `${one}\n${one}\n`, 2],
    ['JSON documents behind each other', `${one}${one} ${one}`, 3],
    ['JSON on several lines', JSON.stringify(JSON.parse(one), null, 2).repeat(2), 2],
    ['YAML', 'at: 2026-11-17T15:10:00Z\naction: ask\n', 1],
    [
      'YAML documents',
      'at: 2026-11-17T15:10:00Z\naction: ask\n---\nat: 2026-11-17T15:10:00+01:00\naction: step\n',
      2,
    ],
    ['YAML in braces', '{ at: 2026-11-17T15:10:00Z, action: ask }', 1],
    [
      'YAML with anchors and merge keys',
      'x: &x { environment: a.example.com }\nat: 2026-11-17T15:10:00Z\naction: ask\nchange: { <<: *x }',
      0,
    ],
    ['JSON with spaces that look like nothing', `\r\n\t ${one}\r\n`, 1],
  ])('reads %s', (_, text, count) => {
    const read = readFacts({ file: 'f', text });
    // The anchor has to be defined somewhere, and `x` is no field of a facts document.
    if (count === 0)
      expect(read).toMatchObject({
        ok: false,
        problems: [{ line: 1, message: 'expected no field `x` here' }],
      });
    else expect(read).toMatchObject({ ok: true, documents: { length: count } });
  });

  test('merges what an anchor stands for', () => {
    const text = 'a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }';
    expect(readDocument(anything, { file: 'f', text })).toMatchObject({
      ok: true,
      value: { b: { x: 1, y: 3 } },
    });
  });

  test.each([
    ['nothing', '', 'f.yaml:1:1: expected a document, got nothing'],
    ['a comment', '# nothing here\n', 'f.yaml:1:1: expected a document, got nothing'],
    [
      'an empty document at the end',
      'at: 2026-11-17T15:10:00Z\naction: ask\n---\n',
      'f.yaml:3:4: expected a mapping, got `null`',
    ],
    ['a list', '[]', 'f.yaml:1:1: expected a mapping, got `a list of 0`'],
    ['no time', 'action: ask', 'f.yaml:1:1: expected a text as `at`, which is missing'],
    [
      'no action',
      'at: 2026-11-17T15:10:00Z',
      'f.yaml:1:1: expected one of `ask`, `schedule`, `start`, `step`, `rollback`, `complete`, got nothing',
    ],
    [
      'an instant without its offset',
      'at: 2026-11-17T15:10:00\naction: ask',
      'f.yaml:1:5: expected an instant with its offset such as `2026-11-17T22:00:00Z`, got `2026-11-17T15:10:00`',
    ],
    [
      'a day',
      'action: ask\nat: 2026-11-17',
      'f.yaml:2:5: expected an instant with its offset such as `2026-11-17T22:00:00Z`, got `2026-11-17`',
    ],
    [
      'a day that does not exist',
      'action: ask\nat: 2026-02-29T10:00:00Z',
      'f.yaml:2:5: expected an instant with its offset such as `2026-11-17T22:00:00Z`, got `2026-02-29T10:00:00Z`',
    ],
    [
      'a number for an instant',
      'action: ask\nat: 1763392200000',
      'f.yaml:2:5: expected a text, got `1763392200000`',
    ],
    [
      'an end before its start',
      'at: 2026-11-17T15:10:00Z\naction: start\nchange:\n  slot: { start: 2026-11-17T15:00:00Z, end: 2026-11-17T14:59:59Z }',
      'f.yaml:4:45: expected `end` not to be before `start`',
    ],
    [
      'a shift that ends before it starts',
      'at: 2026-11-17T15:10:00Z\naction: ask\nrota:\n  eoc:\n    - { person: ana, end: 2026-11-17T14:00:00Z, start: 2026-11-17T15:00:00Z }',
      'f.yaml:5:27: expected `end` not to be before `start`',
    ],
    [
      'a wrong type deep inside',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange:\n  plan:\n    wildcards: none',
      'f.yaml:5:16: expected a number, got `none`',
    ],
    [
      'half a check',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange: { plan: { wildcards: 0.5 } }',
      'f.yaml:3:30: expected a whole number, got `0.5`',
    ],
    [
      'fewer than none',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange: { downtimeMinutes: -1 }',
      'f.yaml:3:28: expected a number of at least 0, got `-1`',
    ],
    [
      'a number too large for one',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange: { downtimeMinutes: 1e400 }',
      'f.yaml:3:28: expected a number, got `Infinity`',
    ],
    [
      'no number',
      'at: 2026-11-17T15:10:00Z\naction: ask\nerrorBudgets: [{ service: web, remaining: .nan }]',
      'f.yaml:3:43: expected a number, got `NaN`',
    ],
    [
      'null for what is not nullable',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange: { severity: null }',
      'f.yaml:3:21: expected one of `S1`, `S2`, `S3`, `S4`, got `null`',
    ],
    [
      'an unknown field',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange: { envronment: a }',
      'f.yaml:3:23: expected no field `envronment` here',
    ],
    [
      'an unknown rule in an exception',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange: { exceptions: [{ rule: allowed-hour }] }',
      'f.yaml:3:32: expected a known name, got `allowed-hour`',
    ],
    [
      'a purpose that is none',
      'at: 2026-11-17T15:10:00Z\naction: ask\nchange: { approvals: [{ for: lock }] }',
      'f.yaml:3:30: expected `plan`, `start`, `emergency` or `lock:<id>`, got `lock`',
    ],
    [
      'a key twice',
      'at: 2026-11-17T15:10:00Z\naction: ask\naction: start',
      'f.yaml:3:1: expected every key once, got it a second time',
    ],
    [
      'a key twice in JSON',
      '{"at":"2026-11-17T15:10:00Z","action":"ask","action":"start"}',
      'f.yaml:1:45: expected every key once, got it a second time',
    ],
    [
      'a key twice in JSON, once disguised',
      '{"at":"2026-11-17T15:10:00Z","action":"ask","a\\u0063tion":"start"}',
      'f.yaml:1:45: expected every key once, got it a second time',
    ],
    [
      'a prototype',
      'at: 2026-11-17T15:10:00Z\naction: ask\n__proto__: { action: start }',
      'f.yaml:3:1: expected another key than `__proto__`',
    ],
    [
      'a prototype in JSON',
      '{"at":"2026-11-17T15:10:00Z","action":"ask","people":{"__proto__":["director"]}}',
      'f.yaml:1:55: expected another key than `__proto__`',
    ],
    ['a tag', 'at: !when 2026-11-17T15:10:00Z\naction: ask', 'f.yaml:1:5: expected no tag, got `!when`'],
    [
      'half a character',
      '{"at":"2026-11-17T15:10:00Z","action":"ask","actor":"\\ud800"}',
      'f.yaml:1:53: expected text of whole characters, got half of one',
    ],
    [
      'a list as key',
      'at: 2026-11-17T15:10:00Z\naction: ask\n? [a]\n: b',
      'f.yaml:3:3: expected a plain key, got a list or a mapping as key',
    ],
  ])('refuses %s, and says where', (_, text, problem) => {
    expect(problems(text)[0]?.slice(0, problem.length)).toBe(problem);
  });

  test('finds its place in the second document of a JSON stream', () => {
    const text =
      '{"at":"2026-11-17T15:10:00Z","action":"ask"}\n\n  {"at":"2026-11-17T15:10:00Z",\n   "action":"sing"}';
    expect(problems(text)[0]).toMatch(/^f\.yaml:4:13: expected one of `ask`/);
  });

  test('says all that is wrong in a document, not only the first', () => {
    expect(problems('at: x\naction: y\nfoo: 1\nchange: { severity: S9 }')).toHaveLength(4);
  });

  test('ends with a thousand levels, and with aliases that multiply', () => {
    expect(problems('['.repeat(5_000) + ']'.repeat(5_000)).length).toBeGreaterThan(0);
    const names = 'abcdefgh'.split('');
    const bomb = names
      .map(
        (name, index) =>
          `${name}: &${name} [${Array(10)
            .fill(index === 0 ? 'x' : `*${names[index - 1]}`)
            .join(', ')}]`,
      )
      .join('\n');
    expect(problems(bomb)[0]).toMatch(/^f\.yaml:5:36: expected aliases that stand for at most 100000 values/);
  });
});

describe('one document', () => {
  test('is one and not two', () => {
    const read = readDocument(anything, { file: 'f', text: 'a: 1\n---\nb: 2\n' });
    expect(read).toMatchObject({
      ok: false,
      problems: [{ line: 3, message: 'expected one document, got another one here' }],
    });
  });

  test('keeps what was written apart from what was filled in', () => {
    const schema = z.object({ a: z.string().default('filled') });
    expect(readStream(schema, { file: 'f', text: '{}' })).toMatchObject({
      documents: [{ typed: { a: 'filled' }, value: {} }],
    });
  });
});
