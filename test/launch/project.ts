import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A checkout in small: the real launcher, a lock file, and one package that brings a `node`, as ours do. */
export class Project {
  readonly root = mkdtempSync(join(tmpdir(), 'interlock launch '));

  constructor() {
    cpSync(new URL('../../launch', import.meta.url), join(this.root, 'launch'), { recursive: true });
    const brought = join(this.root, 'brought');
    mkdirSync(join(brought, 'bin'), { recursive: true });
    writeFileSync(
      join(brought, 'package.json'),
      JSON.stringify({ name: 'brought-node', version: '1.0.0', bin: { node: 'bin/node' } }),
    );
    writeFileSync(join(brought, 'bin', 'node'), `#!/bin/sh\nBROUGHT=yes exec "${process.execPath}" "$@"\n`);
    chmodSync(join(brought, 'bin', 'node'), 0o755);
    this.npm('pack', './brought', '--silent');
    this.write(
      'package.json',
      JSON.stringify({
        name: 'small',
        version: '1.0.0',
        type: 'module',
        dependencies: { 'brought-node': 'file:brought-node-1.0.0.tgz' },
      }),
    );
    this.npm('install', '--package-lock-only', '--offline', '--no-audit');
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.root, file, '..'), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  has(file: string): boolean {
    return existsSync(join(this.root, file));
  }

  npm(...args: string[]): void {
    execFileSync('npm', args, { cwd: this.root, stdio: 'ignore', env: environment() });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Ours without what an outer `npm run` sets. */
export function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_OPTIONS$/i.test(name));
  return { ...Object.fromEntries(own), ...more };
}

/** Every Node of this machine that the launcher has to run on: the one of the tests, and the system's where there is one. */
export function nodes(): string[] {
  const others = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(
      (folder) =>
        existsSync(folder) && readdirSync(folder).includes('node') && !folder.includes('node_modules'),
    )
    .map((folder) => join(folder, 'node'))
    .filter((node) => versionOf(node) >= 18 && versionOf(node) < Number.parseInt(process.versions.node, 10));
  return [process.execPath, ...others.slice(0, 1)];
}

function versionOf(node: string): number {
  return Number.parseInt(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.slice(1), 10);
}
