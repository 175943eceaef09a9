import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseText } from '../../src/documents/parse.ts';
import { readOtherwise } from './other-reader.ts';
import { fragment, pieces, writtenValue } from './written-yaml.ts';

// One library reads what people approve, another edits it and keeps its comments. What the first reads, the second reads alike.
// The draws are always the same: whoever changes the reader tries others, by another seed and a hundred times as many.
const SEED = 1;

const root = path.resolve(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '*.yaml'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(Boolean);
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Every path in a value, and some that lead out of it. */
function pathsOf(value: unknown, here: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return [here, [...here, 'absent'], [...here, 0]];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const inside = keys.flatMap((key) => pathsOf((value as Record<PropertyKey, unknown>)[key], [...here, key]));
  return [here, [...here, 'absent', 1], [...here, keys.length], ...inside];
}

/** Why a text may be refused that the other library accepts. */
const STRICTER =
  /mark at the|byte order|farther in than|control character|expected a key|as key|__proto__|carriage return|expected no (tag|directive)|ends before it|every key once|no value can begin|indented unlike|belongs to nothing|directive/;

/** Whether a text is read; then the other library reads it alike, and otherwise has a reason to read what is refused. */
function isReadAlike(text: string): boolean {
  const read = parseText({ file: 'f', text });
  const other = readOtherwise(text);
  if (!read.ok) {
    if (other !== null) expect(read.problems[0]?.message, text).toMatch(STRICTER);
    return false;
  }
  // It is no error here to have a tab before what is no key, and it means nothing.
  if (other === null) expect(text).toMatch(/^ *\t/m);
  if (other === null || read.documents.length === 0) return false;
  expect(
    read.documents.map((document) => document.value),
    text,
  ).toEqual(other.map((document) => document.value));
  for (const [index, { value: held, problemAt }] of read.documents.entries()) {
    const paths = pathsOf(held);
    // The other library goes through a whole document for a place that an alias leads to.
    const some = paths.filter((_, at) => at % Math.ceil(paths.length / 300) === 0);
    const placeOf = (at: readonly PropertyKey[]) => {
      const { line, column } = problemAt(at, '');
      return `${line}:${column}`;
    };
    const places = (where: (at: readonly PropertyKey[]) => string | undefined) =>
      some.map((at) => `${at.map(String).join('.')} ${where(at)}`);
    expect(places(placeOf), text).toEqual(places((at) => other[index]?.placeOf(at)));
  }
  return true;
}

function readOf(texts: fc.Arbitrary<string>, numRuns: number): number {
  let alike = 0;
  fc.assert(
    fc.property(texts, (text) => {
      if (isReadAlike(text)) alike += 1;
    }),
    { numRuns, seed: SEED },
  );
  return alike;
}

describe('a text is read as the library that edits it reads it, value by value and place by place', () => {
  test.each(files)('%s', (file) => {
    expect(isReadAlike(textOf(file))).toBe(true);
  });

  test('whatever is written of its parts', () => {
    expect(readOf(pieces, 1_200)).toBeGreaterThan(200);
  });

  test('a plan or a policy of which a few lines were edited', () => {
    const texts = files.map((file) => textOf(file).split('\n'));
    const part = fc.record({
      lines: fc.constantFrom(...texts),
      from: fc.nat(10_000),
      count: fc.integer({ min: 1, max: 12 }),
      edits: fc.array(fc.tuple(fc.nat(300), fc.nat(3), fragment), { maxLength: 3 }),
    });
    const edited = part.map(({ lines, from, count, edits }) => {
      const some = lines.slice(from % lines.length, (from % lines.length) + count);
      const outer = /^ */.exec(some[0] ?? '')?.[0].length ?? 0;
      const text = some
        .map((line) => (line.startsWith(' '.repeat(outer)) ? line.slice(outer) : line))
        .join('\n');
      return edits.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), text);
    });
    expect(readOf(edited, 600)).toBeGreaterThan(150);
  });

  test('any value, however it is written', () => {
    expect(readOf(writtenValue, 150)).toBeGreaterThan(140);
  });
});
