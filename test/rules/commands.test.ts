import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
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

  it('tells its version, and that nothing was said', async () => {
    expect(await typed(['--version'])).toEqual({ status: 0, stdout: '0.0.0\n', stderr: '' });
    expect((await typed([])).status).toBe(3);
  });
});
