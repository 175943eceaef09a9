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

const escaped = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`;
const CHARACTER = new RegExp(`[${HIDDEN.map(([from, to]) => `${escaped(from)}-${escaped(to)}`).join('')}]`);

/** The first invisible character in a text by its code point, or `null`. */
export function hiddenCharacterIn(text: string): { readonly name: string; readonly offset: number } | null {
  const offset = text.search(CHARACTER);
  if (offset === -1) return null;
  return { name: `U+${text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0')}`, offset };
}
