import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { programsFolder } from '../../launch/programs.mjs';

/** A program of other people, or what is missing of it. */
export type Found<T> = { readonly found: T } | { readonly missing: string };

const PROGRAMS = programsFolder(path.resolve(import.meta.dirname, '../..'));
const GO_LIBRARY = 'src/golang.org/x/mod/sumdb/note';

/** Go's compiler with the library golang.org/x/mod, from the machine or from where Debian's packages are unpacked. */
export function findGo(): Found<{ readonly go: string; readonly env: Readonly<Record<string, string>> }> {
  const go = onPath('go');
  if (go === null) return { missing: 'the program `go` (Debian: golang-go)' };
  const gopath = ['/usr/share/gocode', path.join(PROGRAMS, 'files/usr/share/gocode')].find((folder) =>
    existsSync(path.join(folder, GO_LIBRARY)),
  );
  if (gopath === undefined) return { missing: `Go's \`${GO_LIBRARY}\` (Debian: golang-golang-x-mod-dev)` };
  const env = { GO111MODULE: 'off', GOPATH: gopath, GOFLAGS: '', CGO_ENABLED: '0' };
  return { found: { go, env } };
}

export function findOpenssl(): Found<string> {
  const openssl = onPath('openssl');
  return openssl === null ? { missing: 'the program `openssl`' } : { found: openssl };
}

function onPath(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), path.join(PROGRAMS, 'bin')];
  return (
    folders
      .filter((folder) => folder !== '')
      .map((folder) => path.join(folder, name))
      .find(isExecutable) ?? null
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
