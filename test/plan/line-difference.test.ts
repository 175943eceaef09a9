import { array, assert, boolean, constantFrom, property, tuple } from 'fast-check';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { lineDifference, lineEdits, type LineEdit } from '../../src/plan/line-difference.ts';

const texts = tuple(array(constantFrom('a', 'b', 'c', ''), { maxLength: 12 }), boolean()).map(
  ([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''),
);

const side = (edits: readonly LineEdit[], without: string) =>
  edits
    .filter(({ kind }) => kind !== without)
    .map(({ line }) => line)
    .join('');

/** Length of the longest common subsequence, the slow and plain way. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const one of a) {
    const next: number[] = [];
    b.forEach((other, j) =>
      next.push(one === other ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0)),
    );
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('the difference of two texts', () => {
  it('holds both of them, and changes as few lines as can be', () => {
    assert(
      property(texts, texts, (before, after) => {
        const edits = lineEdits(before, after);
        expect([side(edits, '+'), side(edits, '-')]).toEqual([before, after]);
        const lines = [before, after].map((text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
        const kept = edits.filter(({ kind }) => kind === ' ').length;
        expect(kept).toBe(common(lines[0] ?? [], lines[1] ?? []));
      }),
    );
  });

  it('is written as `diff -u` writes it', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `${index + 1}\n`);
    const after = lines.with(1, 'two\n').with(18, 'nineteen\n').join('');
    expect(lineDifference(lines.join(''), after)).toEqual({
      cut: false,
      text: '@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -16,5 +16,5 @@\n 16\n 17\n 18\n-19\n+nineteen\n 20\n',
    });
    expect(lineDifference('', 'a').text).toBe('@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n');
    expect(lineDifference('a\n', 'a\n').text).toBe('');
  });

  it('is read by git', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'interlock-diff-'));
    try {
      const before = Array.from({ length: 60 }, (_, index) => `line ${index % 7}`).join('\n');
      const after = before.replaceAll('line 3\n', '').replace('line 5', 'another\nand one more');
      await writeFile(path.join(folder, 'plan'), before);
      const patch = `--- a/plan\n+++ b/plan\n${lineDifference(before, after).text}`;
      await writeFile(path.join(folder, 'patch'), patch);
      await promisify(execFile)('git', ['apply', 'patch'], { cwd: folder });
      expect(await readFile(path.join(folder, 'plan'), 'utf8')).toBe(after);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is bounded: of long, unlike texts a replacement, and no more lines than asked for', () => {
    const [before, after] = ['x', 'y'].map((mark) =>
      Array.from({ length: 5_000 }, (_, index) => `${mark}${index}\n`).join(''),
    );
    const edits = lineEdits(before ?? '', after ?? '');
    expect([side(edits, '+'), side(edits, '-')]).toEqual([before, after]);
    const { text, cut } = lineDifference(before ?? '', after ?? '');
    expect({ cut, lines: text.split('\n').length - 1 }).toEqual({ cut: true, lines: 2_000 });
  });
});
