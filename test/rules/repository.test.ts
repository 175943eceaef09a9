import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(Boolean);
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const documents = tracked.filter((file) => file.endsWith('.md') && !file.startsWith('test/fixtures/'));

/** Paths that a document names in backticks or links; globs, commands and addresses aside. */
function namedPaths(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? '');
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target]) => target ?? '');
  const folders = /^(src|web|test|demo|bench|faults|docs|policies|procedures|migrations|launch|bin|\.ci)\//;
  return [...spans.filter((span) => folders.test(span) && !/[\s*<>{}…$]/.test(span)), ...links];
}

describe('the documents', () => {
  it.each(documents)('%s names only paths that exist', (document) => {
    const folder = path.dirname(document);
    const missing = namedPaths(read(document)).filter(
      (name) => !existsSync(path.join(root, folder, name)) && !existsSync(path.join(root, name)),
    );
    expect(missing).toEqual([]);
  });

  it('name every npm script that a person runs, and only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const text = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'].map(read).join('\n');
    const named = new Set(
      [...text.matchAll(/npm (?:run )?([a-z:]+)/g)]
        .map(([, name]) => name ?? '')
        .filter((name) => !['ci', 'install', 'packages', 'run'].includes(name)),
    );
    expect([...named].filter((name) => !(name in scripts))).toEqual([]);
    expect(['start', 'test', 'demo', 'check', 'bench', 'faults'].filter((name) => !named.has(name))).toEqual(
      [],
    );
  });
});

describe('the sources', () => {
  const sources = tracked.filter((file) => /\.(ts|tsx|mjs|js|sql|css)$/.test(file));

  it('hold no unfinished work and no focused or skipped test without a reason', () => {
    const unfinished = /\b(TODO|FIXME|XXX)\b(?!`)|\b(?:it|test|describe)\.(?:only|todo)\(/;
    const findings = sources
      .filter((file) => !/^(test\/(plan|fixtures|rules)|src\/plan\/rules)\//.test(file))
      .flatMap((file) =>
        read(file)
          .split('\n')
          .map((line, index) => ({ at: `${file}:${index + 1}`, line })),
      )
      .filter(({ line }) => unfinished.test(line))
      .map(({ at }) => at);
    expect(findings).toEqual([]);
  });

  it('lie in modules that are named after what they do', () => {
    const vague = /(^|\/)(utils?|helpers?|managers?|services?|common|misc)(\.[a-z]+)?(\/|$)/;
    expect(tracked.filter((file) => vague.test(file))).toEqual([]);
  });

  it('carry no address of a package registry in the lock file', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":\s*"http/);
  });
});
