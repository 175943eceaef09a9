/** Characters that mean something in the Markdown of a tracker, or begin one of its references. */
const MEANS = /[\\`*_[\]#!|~$%^]/g;
const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * A person's text inside a line that is ours: it reads as it was written, and is neither markup nor HTML, calls nobody and refers to
 * nothing. Line breaks become spaces.
 */
export function inline(text: string): string {
  return (
    text
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/[&<>]/g, (one) => ENTITY[one] ?? one)
      .replace(MEANS, (one) => `\\${one}`)
      // A comment of HTML ends what would be somebody's name to the tracker.
      .replace(/@(?=[\w&\\-])/g, '@<!-- -->')
  );
}

/** A text as code within a line; quoted as JSON where it has more than one line. */
export function code(text: string): string {
  const line = /[\r\n]/.test(text) || text.trim() === '' ? JSON.stringify(text) : text;
  const fence = '`'.repeat(longestRun(line) + 1);
  const space = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** A text as a block of code; no line of it can end the block. Without a line feed at its end it gets one. */
export function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
