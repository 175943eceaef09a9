import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A package: what it is, what it wants, and what its program does. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
  readonly program?: string;
}

/** Debian systems in folders of their own: real apt-get and dpkg work on them, and on nothing else. */
export interface DebianSystems {
  /** What apt-get and dpkg have to be told to work on one of them. */
  env(system: string): Readonly<Record<string, string>>;
  /** A file of one of them. */
  file(system: string, name: string): string;
  clear(): void;
}

/** Makes a repository of packages, and systems that have some of them, each `name=version`. */
export function debianSystems(
  systems: readonly [string, ...string[]],
  packages: readonly TestPackage[],
  installed: readonly string[],
): DebianSystems {
  const folder = mkdtempSync(path.join(tmpdir(), 'interlock-debian-'));
  const repository = path.join(folder, 'repository');
  mkdirSync(repository);
  writeFileSync(path.join(repository, 'Packages'), packages.map((one) => built(one, repository)).join('\n'));
  const file = (system: string, name: string) => path.join(folder, system, name);
  const env = (system: string) => ({
    APT_CONFIG: file(system, 'apt.conf'),
    DPKG_ADMINDIR: file(system, 'var/lib/dpkg'),
  });
  const [first, ...others] = systems;
  prepare(file(first, ''), repository);
  const apt = (...args: readonly string[]) =>
    execFileSync('apt-get', ['-qq', ...args], { env: { ...process.env, ...env(first) }, stdio: 'pipe' });
  apt('update');
  apt('install', '-y', ...installed);
  for (const other of others) {
    cpSync(file(first, ''), file(other, ''), { recursive: true });
    writeFileSync(file(other, 'apt.conf'), configurationOf(file(other, '')));
  }
  return { env, file, clear: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Builds a package; what the repository's list says of it. */
function built({ name, version, depends, program }: TestPackage, repository: string): string {
  const tree = mkdtempSync(path.join(repository, 'tree-'));
  const lines = [`Package: ${name}`, `Version: ${version}`, 'Architecture: all', 'Maintainer: a test'];
  const control = [...lines, ...(depends ? [`Depends: ${depends}`] : []), 'Description: for a test'].join(
    '\n',
  );
  mkdirSync(path.join(tree, 'DEBIAN'));
  writeFileSync(path.join(tree, 'DEBIAN/control'), `${control}\n`);
  mkdirSync(path.join(tree, 'usr/bin'), { recursive: true });
  writeFileSync(path.join(tree, 'usr/bin', name), `#!/bin/sh\n${program ?? 'exit 0'}\n`);
  chmodSync(path.join(tree, 'usr/bin', name), 0o755);
  // Folders that mkdtemp makes are private, and a package has none such.
  chmodSync(tree, 0o755);
  const deb = `${name}_${version}.deb`;
  execFileSync('dpkg-deb', ['-Znone', '--build', tree, path.join(repository, deb)], { stdio: 'pipe' });
  const bytes = readFileSync(path.join(repository, deb));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `${control}\nFilename: ./${deb}\nSize: ${bytes.length}\nSHA256: ${sha256}\n`;
}

function prepare(root: string, repository: string): void {
  const folders = [
    'etc/apt/apt.conf.d',
    'etc/apt/preferences.d',
    'var/lib/apt/lists/partial',
    'var/cache/apt/archives/partial',
    'var/log/apt',
  ];
  for (const name of [...folders, 'var/lib/dpkg/info', 'var/lib/dpkg/updates']) {
    mkdirSync(path.join(root, name), { recursive: true });
  }
  writeFileSync(path.join(root, 'var/lib/dpkg/status'), '');
  writeFileSync(path.join(root, 'etc/apt/sources.list'), `deb [trusted=yes] file:${repository} ./\n`);
  writeFileSync(path.join(root, 'apt.conf'), configurationOf(root));
}

const configurationOf = (root: string) => `
Dir "${root}";
Dir::State::status "${root}/var/lib/dpkg/status";
APT::Sandbox::User "";
APT::Architecture "all";
APT::Architectures "all";
DPkg::Options { "--root=${root}"; "--force-not-root"; "--force-script-chrootless"; "--log=${root}/dpkg.log"; };
DPkg::Path "";
`;
