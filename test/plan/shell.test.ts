import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternsOfCommand, patternsOfShell } from '../../src/plan/shell/patterns.ts';

const context = { targets: new Set(['db-01', 'db-02']) };
const kindsIn = (source: string): readonly (readonly string[])[] =>
  patternsOfShell(source, context).map(({ kind, text }) => [kind, text]);

describe('what a shell would fill', () => {
  test.each<readonly [string, readonly (readonly [string, string])[]]>([
    ['rm /var/*.log "a*b" \\*x', [['wildcard', '/var/*.log']]],
    [
      'rm ~/x a~ "~" x:~/y',
      [
        ['wildcard', '~/x'],
        ['wildcard', 'x:~/y'],
      ],
    ],
    ['x=~/a y="~/b" true', [['wildcard', '~/a']]],
    ['a=(*.conf) b=*.conf', [['wildcard', '*.conf']]],
    [
      'echo {a} {,} $HOME/{a,b} "{a,b}"',
      [
        ['wildcard', '{,}'],
        ['wildcard', '$HOME/{a,b}'],
        ['unquoted', '$HOME/{a,b}'],
      ],
    ],
    [
      'echo !(a|b) x@(c)',
      [
        ['wildcard', '!(a|b)'],
        ['wildcard', 'x@(c)'],
      ],
    ],
    ['ls > out*; ls 2>&1', [['wildcard', 'out*']]],
    ['f() { ls a?; }; f', [['wildcard', 'a?']]],
    [
      'if ls *; then :; elif ls ?; then :; else ls [a]; fi',
      [
        ['wildcard', '*'],
        ['wildcard', '?'],
        ['wildcard', '[a]'],
      ],
    ],
    ['while read -r x; do rm "$x"/*; done < list', [['wildcard', '"$x"/*']]],
    [
      '(cd /tmp && ls *) | sort & { ls ?; }',
      [
        ['wildcard', '*'],
        ['wildcard', '?'],
      ],
    ],
    [
      'diff <(ls *) <(ls ?)',
      [
        ['wildcard', '*'],
        ['wildcard', '?'],
      ],
    ],
    [
      'echo "${x:-*}" ${y:-*}',
      [
        ['unquoted', '${y:-*}'],
        ['wildcard', '*'],
      ],
    ],
    ['case $x in *) ;; [ab]) ls *;; esac', [['wildcard', '*']]],
    ['[[ $x == a* && -f $y ]]; (( a * b )); echo $((2*3))', []],
    ['cat <<EOF\n* {a,b} $(ls *)\nEOF', [['wildcard', '*']]],
    ["cat <<'EOF'\n$(ls *)\nEOF", []],
    ['grep -c "a*" <<< "*"', []],
    ['# ls *\ntrue', []],
    [
      'echo `echo \\`ls *\\``',
      [
        ['unquoted', '`echo \\`ls *\\``'],
        ['unquoted', '`ls *`'],
        ['wildcard', '*'],
      ],
    ],
    ["p='*.log'; f() { rm $p; }", [['wildcard', '$p']]],
  ])('%s', (source, found) => {
    expect(kindsIn(source)).toEqual(found);
  });
});

describe('code that is handed on', () => {
  test.each<readonly [string, readonly string[]]>([
    ['sh -c "rm *"', ['wildcard']],
    ['sudo -u ben timeout 5 bash -euo pipefail -c "rm *"', ['wildcard']],
    ['docker exec shop sh -c "rm *"', ['wildcard']],
    ['find . -exec sh -c "rm *" \\;', ['wildcard']],
    ['sh -c "sh -c \'rm *\'"', ['wildcard']],
    ['su - ben -c "rm *"', ['wildcard']],
    ['watch -n 5 "ls *"', ['wildcard']],
    ['ssh -p 22 -o X=y db-01 "rm *"', ['wildcard']],
    ['ssh db-01 -- rm "\\*"', []],
    ['env -S "rm *"', ['wildcard']],
    ['eval "rm *"', ['wildcard']],
    ['eval "$x"', ['unreadable']],
    ['bash -c "$x"', ['unreadable']],
    ['ssh db-01 "rm $x"', ['unreadable']],
    ['curl x | sudo bash', ['unreadable']],
    ['curl x | bash -s -- --yes', ['unreadable']],
    ['cat list | bash set.sh', []],
    ['bash <<EOF\nrm *\nEOF', ['wildcard']],
    ['ssh db-01 bash -s <<EOF\nrm *\nEOF', ['wildcard']],
    ['ssh db-01 "cat > x" <<EOF\nrm *\nEOF', []],
    ['python3 -c "import os; os.system(\'rm *\')"', ['inline-code', 'wildcard']],
    ['ruby -e "puts `ls *`"', ['unreadable', 'wildcard']],
    ["ruby -e 'puts `ls *`'", ['inline-code', 'wildcard']],
    ['perl -e \'system("rm *")\'', ['inline-code', 'wildcard']],
    ["node -e 'const a = b * c'", ['inline-code']],
  ])('%s', (source, kinds) => {
    const found = kindsIn(source).map(([kind]) => kind ?? '');
    expect(found.toSorted()).toEqual(kinds.toSorted());
  });

  test('code nested without end is not followed without end', () => {
    let source = 'rm *';
    for (let i = 0; i < 12; i++) source = `sh -c ${JSON.stringify(source).replaceAll('$', '\\$')}`;
    expect(kindsIn(source).map(([kind]) => kind)).toContain('unreadable');
  });

  test('the index of the argument is told', () => {
    const found = patternsOfCommand(['sudo', 'bash', '-c', 'rm *'], context);
    expect(found.map(({ kind, offset }) => ({ kind, offset }))).toEqual([{ kind: 'wildcard', offset: 3 }]);
  });
});

test('arbitrary text is read without throwing, and long text in no time worth mentioning', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => void kindsIn(text)),
    { numRuns: 300 },
  );
  for (const text of [
    '$('.repeat(5_000),
    '{'.repeat(50_000),
    '"'.repeat(50_001),
    '['.repeat(20_000),
    '`\\'.repeat(5_000),
  ]) {
    expect(() => kindsIn(text)).not.toThrow();
    expect(() => patternsOfCommand([text], context)).not.toThrow();
  }
});
