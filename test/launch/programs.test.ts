import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';

const parent = mkdtempSync(join(tmpdir(), 'interlock programs '));
const repository = mkdtempSync(join(tmpdir(), 'interlock-repository-'));
const tools = join(parent, 'tools');
const NOBODY = 65534;

/** What apt, dpkg and the launcher call; nothing that is looked for is among them. */
const TOOLS = [
  'apt-get',
  'dpkg',
  'dpkg-deb',
  'tar',
  'rm',
  'sh',
  'ldd',
  'xz',
  'gzip',
  'cat',
  'readlink',
  'dirname',
];

function needsDebian({ skip }: TestContext): void {
  skip(!existsSync('/usr/bin/dpkg-deb'), 'only Debian and its kin have dpkg-deb');
}

beforeAll(() => {
  for (const folder of [parent, repository]) chmodSync(folder, 0o755);
  mkdirSync(tools);
  for (const tool of TOOLS)
    if (existsSync(`/usr/bin/${tool}`)) symlinkSync(`/usr/bin/${tool}`, join(tools, tool));
  if (existsSync('/usr/bin/dpkg-deb')) makeRepository();
});
afterAll(() => [parent, repository].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A real repository for apt with two small packages: a program, and the words that it cannot start without. */
function makeRepository(): void {
  const words = pack('interlock-test-words', '', { 'usr/share/words': 'version 9' });
  const program = pack('prometheus', 'Depends: interlock-test-words', {
    'usr/bin/prometheus': '#!/bin/sh\nexec cat "$(dirname "$(readlink -f "$0")")/../share/words"\n',
    'usr/bin/promtool': '#!/bin/sh\necho "no such file" >&2; exit 1\n',
  });
  writeFileSync(join(repository, 'Packages'), [words, program].join('\n'));
  writeFileSync(join(repository, 'sources.list'), `deb [trusted=yes] ${pathToFileURL(repository).href} ./\n`);
  writeFileSync(
    join(repository, 'apt.conf'),
    `Dir::Etc::sourcelist "${join(repository, 'sources.list')}"; Dir::Etc::sourceparts "-";
     Dir::State::lists "${join(repository, 'lists')}"; Dir::Cache "${join(repository, 'cache')}"; APT::Sandbox::User "root";`,
  );
  mkdirSync(join(repository, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(repository, 'cache', 'archives', 'partial'), { recursive: true });
  execFileSync('apt-get', ['-q', 'update'], {
    env: { ...process.env, APT_CONFIG: join(repository, 'apt.conf') },
    stdio: 'ignore',
  });
}

/** Builds a package and returns its stanza for the list. */
function pack(name: string, field: string, files: Readonly<Record<string, string>>): string {
  const tree = join(repository, 'trees', name);
  const control = [
    `Package: ${name}`,
    'Version: 9-1',
    'Architecture: all',
    'Maintainer: nobody <nobody@example.org>',
    ...[field].filter(Boolean),
    'Description: for a test',
    '',
  ].join('\n');
  for (const [path, text] of Object.entries({ ...files, 'DEBIAN/control': control })) {
    mkdirSync(join(tree, path, '..'), { recursive: true });
    writeFileSync(join(tree, path), text, { mode: 0o755 });
  }
  const deb = join(repository, `${name}_9-1_all.deb`);
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, deb], { stdio: 'ignore' });
  const digest = createHash('sha256').update(readFileSync(deb)).digest('hex');
  return `${control}Filename: ./${name}_9-1_all.deb\nSize: ${statSync(deb).size}\nSHA256: ${digest}\n`;
}

/**
 * Brings programs in a process of its own, whose PATH has only what is given. Never as root, who would in the end install
 * what could not be unpacked: these packages bear real names, and the machine is not ours.
 */
function bring(names: string[], folder: string, path = tools) {
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() === 0) chownSync(folder, NOBODY, NOBODY);
  const module = new URL('../../launch/programs.mjs', import.meta.url).href;
  const code = `import { bringPrograms } from '${module}';
    if (process.getuid() === 0) throw new Error('expected another user than root');
    try { console.log(JSON.stringify(bringPrograms(${JSON.stringify(names)}, ${JSON.stringify(folder)}))) }
    catch (error) { console.log(JSON.stringify({ [error.name]: error.message })) }`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { PATH: path, APT_CONFIG: join(repository, 'apt.conf') },
    ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  return { found: JSON.parse(stdout) as Record<string, string>, stderr };
}

describe('programs that npm does not bring', () => {
  it('are used where they stand on the PATH, under any of their names', () => {
    const path = join(parent, 'on the path');
    mkdirSync(path);
    writeFileSync(join(path, 'alertmanager'), '#!/bin/sh\n', { mode: 0o755 });
    const folder = join(parent, 'nothing unpacked');
    const { found, stderr } = bring(['alertmanager'], folder, path);
    expect(found).toEqual({ alertmanager: join(path, 'alertmanager') });
    expect(stderr).toBe('');
    expect(existsSync(join(folder, 'files'))).toBe(false);
    expect(readFileSync(join(folder, 'bin', 'prometheus-alertmanager'), 'utf8')).toBe('#!/bin/sh\n');
  });

  it('are unpacked from Debian packages with what they need, without root', (context) => {
    needsDebian(context);
    const folder = join(parent, 'unpacked');
    const { found, stderr } = bring(['prometheus'], folder);
    expect(found).toEqual({ prometheus: join(folder, 'bin', 'prometheus') });
    expect(stderr).toContain("interlock: bringing prometheus from Debian's packages into");
    expect(spawnSync(join(folder, 'bin', 'prometheus'), { encoding: 'utf8' }).stdout).toBe('version 9');
    expect(bring(['prometheus'], folder)).toEqual({ found, stderr: '' });
    expect(readdirSync(folder).toSorted()).toEqual(['bin', 'files']);
  });

  it('that do not run once unpacked are not used, and one line says what to install', (context) => {
    needsDebian(context);
    const folder = join(parent, 'broken');
    expect(bring(['promtool'], folder).found).toEqual({
      LaunchError:
        "expected promtool on the PATH, got none (`promtool does not run: no such file`): install prometheus (the names of Debian's packages)",
    });
    expect(existsSync(join(folder, 'bin', 'promtool'))).toBe(false);
  });

  it('that apt does not know are named', (context) => {
    needsDebian(context);
    const { LaunchError } = bring(['chromium'], join(parent, 'unknown')).found;
    expect(LaunchError).toContain('expected chromium on the PATH, got none');
    expect(LaunchError).toContain('install chromium');
  });

  it('of a name that nobody knows are a mistake of the caller', () => {
    const { found } = bring(['nonsense'], join(parent, 'nonsense'));
    expect(found['LaunchError']).toContain('got `nonsense`');
  });
});
