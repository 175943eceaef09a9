/** Marks that people leave for later, wherever they stand. */
const MARK = /\b(TODO|TBD|FIXME|TBA)\b|\{\+|\+\}|\b(REPLACE|CHANGE|FILL)_?ME\b/;

/** What templates hold, and prose does not. */
const TEMPLATE = [
  /<!--/,
  /\bXXX+\b/,
  /\?\?\?/,
  /\blorem ipsum\b/i,
  /\btodo:/i,
  /<[a-z][a-z0-9 _-]{0,60}>/i,
  /\[(insert|fill in|your|add|describe)\b[^\]]{0,200}\]/i,
  /\{\{[^}]{0,200}\}\}/,
  /^\s*(pre-|post-)?(change |rollback )?step \d+\s*$/i,
  /^\s*(\.\.\.|…|-+|_+)\s*$/,
] as const;

/** An argument that is nothing but a placeholder, such as `<host>`. */
const ARGUMENT = /^<[A-Za-z][\w .-]{0,60}>$/;

/** The first placeholder in a text, or `null`. In code only what can mean nothing else counts. */
export function placeholderIn(text: string, sort: 'prose' | 'code'): string | null {
  const patterns = sort === 'code' ? [MARK, ARGUMENT] : [MARK, ...TEMPLATE];
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return found.trim();
  }
  return null;
}

/** Ranges of characters that show as nothing or turn the reading order: control, zero-width, bidirectional marks. */
const HIDDEN: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x061c, 0x061c],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2069],
  [0xfeff, 0xfeff],
];

/** The first invisible character in a text by its code point, or `null`. */
export function hiddenCharacterIn(text: string): { readonly name: string; readonly offset: number } | null {
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (HIDDEN.some(([from, to]) => code >= from && code <= to)) {
      return { name: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, offset };
    }
  }
  return null;
}
