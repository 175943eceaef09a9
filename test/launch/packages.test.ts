import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { whyStale } from '../../launch/packages.mjs';

const made: string[] = [];
afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const ONE = { version: '1.0.0', integrity: 'sha512-one' };
const elsewhere = process.platform === 'linux' ? 'darwin' : 'linux';

/** A project whose lock file wants some packages, and into which some were installed. */
function projectWith(
  wanted: Record<string, object>,
  installed: Record<string, object> | string | undefined,
): string {
  const root = mkdtempSync(join(tmpdir(), 'packages-'));
  made.push(root);
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': { name: 'x' }, ...wanted } }),
  );
  if (installed === undefined) return root;
  mkdirSync(join(root, 'node_modules'));
  const noted = typeof installed === 'string' ? installed : JSON.stringify({ packages: installed });
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), noted);
  if (typeof installed === 'string') return root;
  for (const path of Object.keys(installed)) mkdirSync(join(root, path), { recursive: true });
  return root;
}

const optional = (more: object) => ({
  'node_modules/one': ONE,
  'node_modules/two': { version: '2.0.0', optional: true, ...more },
});

describe('the packages are those of the lock file', () => {
  it.each([
    ['nothing was ever installed', { 'node_modules/one': ONE }, undefined, 'there are none'],
    ['an install was interrupted', { 'node_modules/one': ONE }, '{"packages": {', 'there are none'],
    ['all is there', { 'node_modules/one': ONE }, { 'node_modules/one': ONE }, undefined],
    [
      'one is missing',
      { 'node_modules/one': ONE, 'node_modules/@a/two': ONE },
      { 'node_modules/one': ONE },
      '@a/two is missing',
    ],
    ['one inside another is missing', { 'node_modules/one/node_modules/two': ONE }, {}, 'two is missing'],
    [
      'another version',
      { 'node_modules/one': ONE },
      { 'node_modules/one': { ...ONE, version: '0.9.0' } },
      'one has changed',
    ],
    [
      'other bytes',
      { 'node_modules/one': ONE },
      { 'node_modules/one': { ...ONE, integrity: 'sha512-two' } },
      'one has changed',
    ],
    ['more than needed', {}, { 'node_modules/one': ONE }, undefined],
    [
      'an optional one of another system',
      optional({ os: [elsewhere] }),
      { 'node_modules/one': ONE },
      undefined,
    ],
    [
      'an optional one of another processor',
      optional({ os: process.platform, cpu: ['mips'] }),
      { 'node_modules/one': ONE },
      undefined,
    ],
    [
      'an optional one of this machine',
      optional({ os: [process.platform], cpu: process.arch }),
      { 'node_modules/one': ONE },
      'two is missing',
    ],
    [
      'an optional one for all but others',
      optional({ os: [`!${elsewhere}`] }),
      { 'node_modules/one': ONE },
      'two is missing',
    ],
    [
      'an optional one for all but this machine',
      optional({ os: [`!${process.platform}`] }),
      { 'node_modules/one': ONE },
      undefined,
    ],
    [
      'an optional one that only another optional one needs',
      optional({}),
      { 'node_modules/one': ONE },
      undefined,
    ],
  ])('%s', (_, wanted, installed, reason) => {
    expect(whyStale(projectWith(wanted, installed))).toBe(reason);
  });

  it('a folder that somebody removed is noticed', () => {
    const root = projectWith({ 'node_modules/one': ONE }, { 'node_modules/one': ONE });
    rmSync(join(root, 'node_modules', 'one'), { recursive: true });
    expect(whyStale(root)).toBe('one is gone');
  });

  it('a folder that is no project is refused', () => {
    expect(() => whyStale(tmpdir())).toThrow('expected `package-lock.json`');
  });

  it('this checkout itself is whole', () => {
    expect(whyStale(join(import.meta.dirname, '../..'))).toBe(undefined);
  });
});
