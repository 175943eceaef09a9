/** Marks that people leave for later, wherever they stand. */
const MARK = /\b(TODO|TBD|FIXME|TBA)\b|\{\+|\+\}|\b(REPLACE|CHANGE|FILL)_?ME\b/;

/** What templates hold, and prose does not. */
const TEMPLATE = [
  /^fill-me$/,
  /<!--/,
  /\bXXX+\b/,
  /\?\?\?/,
  /\blorem ipsum\b/i,
  /\btodo:/i,
  /<[a-z][a-z0-9 ,.:'’_-]{0,80}>/i,
  /\[(insert|fill in|your|add|describe)\b[^[\]]{0,200}\]/i,
  /\{\{[^{}]{0,200}\}\}/,
  /^\s*(pre-|post-)?(change |rollback )?step \d+\s*$/i,
  /^\s*(\.\.\.|…|-+|_+)\s*$/,
] as const;

/** An argument that is nothing but a placeholder: `<host>`, or the `{target}` of no rollout. */
const ARGUMENT = /^<[A-Za-z][\w .-]{0,60}>$|^\{target\}$/;

const PATTERNS = { prose: [MARK, ...TEMPLATE], code: [MARK, ARGUMENT] } as const;

/** All of them at once, and rather too much than too little: most texts hold nothing, and are looked at once. */
const anyOf = (patterns: readonly RegExp[]) =>
  new RegExp(patterns.map(({ source }) => source).join('|'), 'i');
const ANY = { prose: anyOf(PATTERNS.prose), code: anyOf(PATTERNS.code) } as const;

/** The first placeholder in a text, or `null`. In code only what can mean nothing else counts. */
export function placeholderIn(text: string, sort: 'prose' | 'code'): string | null {
  if (!ANY[sort].test(text)) return null;
  for (const pattern of PATTERNS[sort]) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return found.trim();
  }
  return null;
}
