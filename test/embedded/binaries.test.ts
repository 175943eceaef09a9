import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findBinaries, linkLibraries } from '../../src/embedded/binaries.ts';

const root = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => rmSync(root, { recursive: true }));

it('makes the links that a blocked install script would have made, once', () => {
  const lib = join(root, 'native', 'lib');
  mkdirSync(lib, { recursive: true });
  writeFileSync(join(lib, 'libpq.so.5.18'), 'the library');
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
    source: 'native/lib/libpq.so.5.18',
    target: `native/lib/${name}`,
  }));
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  linkLibraries(root);
  linkLibraries(root);
  expect(['libpq.so', 'libpq.so.5'].map((name) => readFileSync(join(lib, name), 'utf8'))).toEqual([
    'the library',
    'the library',
  ]);
});

it('finds PostgreSQL 18 in the packages of this machine', () => {
  expect(findBinaries().major).toBe(18);
});
