import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { patternsOfShell } from '../../src/plan/shell/patterns.ts';

const isFound = (word: string) => patternsOfShell(`printf '<%s>' ${word}`, { targets: new Set() }).length > 0;

/** Which of these words a real bash changes: by names that match (or do not), by braces, by the home folder. */
function expandedByBash(words: readonly string[], folder: string): readonly (boolean | null)[] {
  writeFileSync(path.join(folder, '..', `${path.basename(folder)}.words`), `${words.join('\n')}\n`);
  const show = 'eval "printf \'<%s>\' $word"';
  const script = `
    shopt -s extglob; x='v*'
    while IFS= read -r word; do
      one=$(set +B -f; HOME=/one; ${show} 2>/dev/null) && two=$(shopt -s nullglob; HOME=/two; ${show} 2>/dev/null) || { echo refused; continue; }
      [ "$one" = "$two" ] && echo same || echo expanded
    done < ../${path.basename(folder)}.words`;
  const lines = execFileSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' }).trimEnd().split('\n');
  return lines.map((line) => (line === 'refused' ? null : line === 'expanded'));
}

const folder = mkdtempSync(path.join(tmpdir(), 'interlock-shell-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.words`, { force: true });
});

/** Pieces of words, one to a line, so that nothing but the shell's own quoting is in them. */
const PIECES = String.raw`
a
b
*
?
[ab]
[
]
\*
"*"
'?'
{a,b}
{1..3}
{a
}
,
~
~/
/
=
$x
"$x"
${'$'}{x:-*}
"${'$'}{x:-*}"
${'$'}{x%\*}
$(echo "*")
"$(echo *)"
$'*'
@(a|b)
!(a)
x \ y
:~
=~
"~"
\~
\{a,b}
{"a",b}
{a\,b}
"
'
\
#
-
`
  .split('\n')
  .filter((piece) => piece !== '')
  .concat(' ', '`echo a*`');

test('whatever a real bash expands is found', () => {
  const piece = fc.constantFrom(...PIECES);
  const words = fc.sample(fc.array(piece, { minLength: 1, maxLength: 6 }), {
    numRuns: 600,
    seed: 20_261_117,
  });
  const lines = words.map((pieces) => pieces.join('')).filter((line) => !line.endsWith('\\'));
  for (const name of ['a', 'b', 'ab', 'v1', '=a']) writeFileSync(path.join(folder, name), '');
  const expanded = expandedByBash(lines, folder);
  const missed = lines.filter((line, i) => expanded[i] === true && !isFound(line));
  expect(expanded).toHaveLength(lines.length);
  expect(expanded.filter((one) => one === true).length).toBeGreaterThan(150);
  expect(missed).toEqual([]);
});

test('hardly anything is found that a real bash leaves alone', () => {
  const plain = fc.constantFrom(
    'a',
    'b',
    '-',
    '/',
    '.',
    '"*"',
    "'{a,b}'",
    '\\?',
    '"$x"',
    '=',
    ',',
    'a~',
    '{a}',
    '\\[a]',
    "'~'",
    ':',
  );
  const lines = fc
    .sample(fc.array(plain, { minLength: 1, maxLength: 6 }), { numRuns: 300, seed: 7 })
    .map((pieces) => pieces.join(''));
  const found = lines.filter((line) => isFound(line));
  expect(expandedByBash(lines, folder).filter((one) => one === true)).toEqual([]);
  // Where braces and quotes mix, the reader takes for a list whatever could be one.
  expect(found.length).toBeLessThan(5);
});
