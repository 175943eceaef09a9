import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../src/cli/help-examples.ts';
import { typed } from '../kit/command-line.ts';

const folder = path.resolve(import.meta.dirname, '../../src/cli');

describe('the command line', () => {
  it('has every command that has a file', async () => {
    const { stdout, status } = await typed(['--help']);
    expect(status).toBe(0);
    const listed = new Set([...stdout.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name));
    const files = readdirSync(folder).filter((file) =>
      /export function register\(program/.test(readFileSync(path.join(folder, file), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(10);
    const missing = files.filter((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const names = [...text.matchAll(/\bprogram\s*\.command\('([a-z-]+)/g)].map(([, name]) => name);
      return names.length === 0 || names.some((name) => !listed.has(name));
    });
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(EXAMPLES))('shows examples of `%s` that it takes', async (name, lines) => {
    const { stdout } = await typed([...name.split(' '), '--help']);
    for (const line of lines) {
      expect(line).toMatch(new RegExp(`^interlock ${name} `));
      expect(stdout).toContain(`  ${line}\n`);
      const ours = line.split(' -- ')[0] ?? '';
      for (const [flag] of ours.matchAll(/ --[a-z-]+/g))
        expect(stdout).toMatch(new RegExp(`^ ${flag}\\b`, 'm'));
    }
    expect(stdout).toContain('Exit status: ');
  });

  it.each([
    ['plan lint', 'expected `<file>`, got nothing'],
    ['plan frob', 'expected a command, got `frob`'],
    ['plan lint x --jsn', 'expected an option of this command, got `--jsn`; did you mean `--json`?'],
    ['veto lay CHG-1', 'expected `--reason <text>`, got none'],
    ['veto lay CHG-1 --reason', 'expected `--reason <text>`, got it without its value'],
    ['plan new x --template c9', 'expected `--template <criticality>` to be one of c1, c2, c3, c4, got `c9`'],
    [
      'plan new x --template c1 --from y',
      'expected one of `--from <plan>` and `--template <criticality>`, got both',
    ],
    ['policy schema x', 'expected `<format>` to be one of policy, facts, cases, got `x`'],
    ['user list x', 'expected no arguments, got `x`'],
  ])('says of `%s` what was expected and what was got, and where to look', async (line, says) => {
    const { status, stdout, stderr } = await typed(line.split(' '));
    const [first, second] = stderr.split('\n');
    expect({ status, stdout, first }).toEqual({ status: 3, stdout: '', first: `interlock: ${says}` });
    expect(second).toMatch(/^usage: interlock [a-z ]+ .*\(more: interlock [a-z ]+ --help\)$/);
  });

  it('tells its version, and that nothing was said', async () => {
    expect(await typed(['--version'])).toEqual({ status: 0, stdout: '0.0.0\n', stderr: '' });
    expect((await typed([])).status).toBe(3);
  });
});
