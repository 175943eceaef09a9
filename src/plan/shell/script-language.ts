import type { CodeLanguage } from './nested-code.ts';

const BY_PROGRAM: readonly (readonly [RegExp, CodeLanguage])[] = [
  [/^(sh|bash|dash|ash|ksh)$/, 'shell'],
  [/^(node|nodejs|bun|deno|tsx)$/, 'javascript'],
  [/^python[\d.]*$/, 'python'],
  [/^ruby[\d.]*$/, 'ruby'],
  [/^perl[\d.]*$/, 'perl'],
  [/^(psql|mysql|mariadb|sqlite3)$/, 'sql'],
];

const BY_EXTENSION: Readonly<Record<string, CodeLanguage>> = {
  sh: 'shell',
  bash: 'shell',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  ts: 'javascript',
  mts: 'javascript',
  py: 'python',
  rb: 'ruby',
  pl: 'perl',
  sql: 'sql',
};

/**
 * The language of a script: by what runs it, else by its first line, else by its name; `null` where none of them is
 * known here. A known interpreter wins over the name, because it is what will read the text.
 */
export function scriptLanguage(
  script: { readonly path: string; readonly interpreter?: readonly string[] | undefined },
  text: string,
): CodeLanguage | null {
  if (script.interpreter) return byProgram(script.interpreter);
  const firstLine = /^#!\s*(.*)/.exec(text)?.[1];
  if (firstLine !== undefined) return byProgram(firstLine.split(/\s+/));
  const extension = /\.([a-z]+)$/.exec(script.path)?.[1] ?? '';
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] ?? null) : null;
}

function byProgram(words: readonly string[]): CodeLanguage | null {
  for (const word of words) {
    const name = word.slice(word.lastIndexOf('/') + 1);
    const known = BY_PROGRAM.find(([program]) => program.test(name));
    if (known) return known[1];
  }
  return null;
}
