/** Control characters, and marks that turn the reading order: texts of other people must not command a terminal. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A line as a terminal may show it. */
export function plainLine(line: string): string {
  return line.replaceAll(UNPRINTABLE, '\ufffd');
}
