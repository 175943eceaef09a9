import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseText, parseYaml } from '../../src/documents/parse.ts';
import { readPlainYaml } from '../../src/documents/plain-yaml.ts';

const root = path.resolve(import.meta.dirname, '../..');
const files = globSync(
  [
    'demo/**/*.yaml',
    'procedures/**/*.yaml',
    'policies/*.yaml',
    'policies/cases/{bases,gates}.yaml',
    'test/fixtures/**/*.yaml',
  ],
  { cwd: root },
).toSorted();
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Every path in a value, and some that lead out of it. */
function pathsOf(value: unknown, here: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return [here, [...here, 'absent'], [...here, 0]];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const inside = keys.flatMap((key) => pathsOf((value as Record<PropertyKey, unknown>)[key], [...here, key]));
  return [here, [...here, 'absent', 1], [...here, keys.length], ...inside];
}

/** What a reader makes of a text: its value, and the place of everything in it. */
function meaningOf(parsed: ReturnType<typeof parseText>) {
  if (!parsed.ok) return parsed;
  return parsed.documents.map(({ value, problemAt }) => ({
    json: JSON.stringify(value),
    value,
    places: pathsOf(value).map((at) => problemAt(at, at.map(String).join('.'))),
  }));
}

/** Whether the plain reader reads a text; then it says what the whole reader says. */
function isReadAlike(text: string): boolean {
  if (readPlainYaml(text) === null) return false;
  const source = { file: 'f', text };
  expect(meaningOf(parseText(source))).toEqual(meaningOf(parseYaml(source)));
  return true;
}

describe('YAML as people write it is read as all of YAML would be, value by value and place by place', () => {
  test.each(files)('%s', (file) => {
    expect(
      isReadAlike(textOf(file)) || file === 'policies/cases/bases.yaml' || file.startsWith('test/'),
    ).toBe(true);
  });

  // What a line may be made of, whether or not anything is to be made of it.
  const fragment = fc.constantFrom(
    'a',
    'b-c',
    'x y',
    'null',
    'True',
    '~',
    '<<',
    '1',
    '-1',
    '007',
    '1.',
    '.5',
    '0x1f',
    '1e3',
    '10.0.0.5',
    '.inf',
    'a: b',
    'a: b\n',
    'c:\n',
    'c:\n  ',
    'c:\n- ',
    'd: |\n  x\n',
    'd: >-\n  x\n  y\n\n  z\n',
    '|\n',
    '>\n   ',
    '- ',
    '- ',
    '-',
    ': ',
    ':',
    ' ',
    '  ',
    '\n',
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    '#',
    ' # c',
    '\t',
    '\r',
    '"q"',
    '"',
    "'",
    "'it''s'",
    '"\\n\\u00e9"',
    '"\\x41"',
    '[',
    ']',
    '{',
    '}',
    ',',
    '{ a: b, }',
    '[a, [b]]',
    '&a',
    '*a',
    '!t',
    '%',
    '@',
    '?',
    '? ',
    '---',
    '...',
    '__proto__',
    'constructor',
    '\u00a0',
    '\u2028',
    '\0',
    '😀',
  );
  const begun = fc.constantFrom(
    '',
    '',
    'a: ',
    'a:\n  ',
    '- ',
    'a:\n  - ',
    'a: {',
    'a: [',
    'a: |\n  ',
    'a: b\n',
  );

  test('whatever is written of its parts', () => {
    let alike = 0;
    fc.assert(
      fc.property(begun, fc.array(fragment, { maxLength: 10 }), (first, rest) => {
        if (isReadAlike(`${first}${rest.join('')}`)) alike += 1;
      }),
      { numRuns: 4_000 },
    );
    expect(alike).toBeGreaterThan(100);
  });

  test('a plan of which a few lines were edited', () => {
    const lines = textOf('demo/plan/raise-work-mem.yaml').split('\n');
    const part = fc.record({
      from: fc.nat(lines.length - 1),
      count: fc.integer({ min: 1, max: 12 }),
      edits: fc.array(fc.tuple(fc.nat(300), fc.nat(3), fragment), { maxLength: 3 }),
    });
    let alike = 0;
    fc.assert(
      fc.property(part, ({ from, count, edits }) => {
        const some = lines.slice(from, from + count);
        const outer = /^ */.exec(some[0] ?? '')?.[0].length ?? 0;
        let text = some
          .map((line) => (line.startsWith(' '.repeat(outer)) ? line.slice(outer) : line))
          .join('\n');
        for (const [at, cut, put] of edits) text = text.slice(0, at) + put + text.slice(at + cut);
        if (isReadAlike(text)) alike += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(alike).toBeGreaterThan(100);
  });
});

test.each([
  ['a key twice', 'a: 1\na: 2'],
  ['a key twice in brackets', 'a: { b: 1, b: 2 }'],
  ['a key that is a prototype', '__proto__: { a: 1 }'],
  ['an anchor', 'a: &x 1\nb: *x'],
  ['a merge', 'a: { <<: b }'],
  ['a tag', 'a: !!binary aGk='],
  ['a directive', '%YAML 1.1\n---\na: 1'],
  ['a second document', 'a: 1\n---\nb: 2'],
  ['a key that is no text', 'null: 1'],
  ['a key in quotes', '"a": 1'],
  ['a text that goes on below', 'a: one\n  two'],
  ['a text in quotes that goes on below', 'a: "one\n  two"'],
  ['a mapping on the line of a key', 'a: b: c'],
  ['a value that is not there', 'a:\nb: 1'],
  ['a tab', 'a:\t1'],
  ['a carriage return', 'a: 1\r\nb: 2\r\n'],
  ['a bracket that is not closed', 'a: [b'],
  ['a bracket as far out as its key', 'a: [\n  b\n]'],
  ['a number in octal', 'a: 0o17'],
  ['brackets inside each other without end', `a: ${'['.repeat(100)}${']'.repeat(100)}`],
  [
    'mappings inside each other without end',
    Array.from({ length: 100 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  ],
  ['lists inside each other', '- - a'],
  ['one text', 'a'],
  ['nothing', '# nothing\n'],
])('%s is for the whole reader', (_, text) => {
  expect(readPlainYaml(text)).toBeNull();
});

test('a long text of any kind is read in a time that grows with its length', () => {
  const long = [
    `a: "${'\\"'.repeat(500_000)}`,
    `a: ${"''".repeat(500_000)}'`,
    `a: |\n${'  x\n \n'.repeat(200_000)} y`,
    `a: x${' '.repeat(1_000_000)}: y`,
    `${' \n'.repeat(400_000)}a: [${'b, '.repeat(200_000)}`,
    `a: [${'\n '.repeat(400_000)}`,
    `${'a'.repeat(1_000_000)}: b`,
  ];
  expect(long.filter((text) => readPlainYaml(text) !== null).length).toBe(0);
});
