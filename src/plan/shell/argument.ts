/**
 * The first wildcard in one argument that no shell has touched, or `null`: `*`, `?`, `[…]`, a brace list `{a,b}` or
 * `{1..3}`, a `~` that stands for a home folder. Nothing quotes anything here: a back-slash is a character like any other.
 */
export function wildcardOf(argument: string): string | null {
  if (isJson(argument)) return null;
  const text = withoutQuery(argument);
  return globOf(text) ?? braceListOf(text) ?? tildeOf(text);
}

const isJson = (text: string) => {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
};

/** The `?` of an address begins its query, and `[::1]` is a host. */
function withoutQuery(argument: string): string {
  if (!/^https?:\/\//.test(argument) || !URL.canParse(argument)) return argument;
  const url = new URL(argument);
  return argument.replace(/^https?:\/\/[^/?#]*/, url.hostname.startsWith('[') ? '' : '$&').replace('?', '');
}

function globOf(text: string): string | null {
  const lastBracket = text.lastIndexOf(']');
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '*' || character === '?') return wordAround(text, i);
    if (character === '[' && lastBracket >= i + 2) return wordAround(text, i);
  }
  return null;
}

/** One pass: an open brace waits on the stack for its end, and remembers whether a comma of its own came by. */
function braceListOf(text: string): string | null {
  const open: { readonly at: number; comma: boolean }[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{') open.push({ at: i, comma: false });
    const top = open.at(-1);
    if (character === ',' && top) top.comma = true;
    if (character !== '}') continue;
    const brace = open.pop();
    if (brace && (brace.comma || isRange(text.slice(brace.at + 1, i)))) return text.slice(brace.at, i + 1);
  }
  return null;
}

const isRange = (inside: string) => inside.length < 80 && /^[^\s{}]+\.\.[^\s{}]+$/.test(inside);

/** A tilde at the start of a word, or right after `=` or `:`, stands for a home folder. */
function tildeOf(text: string): string | null {
  for (let i = text.indexOf('~'); i !== -1; i = text.indexOf('~', i + 1)) {
    const before = i === 0 ? ' ' : text.charAt(i - 1);
    if (/[\s=:]/.test(before)) return wordAround(text, i);
  }
  return null;
}

function wordAround(text: string, index: number): string {
  let start = index;
  let end = index;
  while (start > 0 && text.charAt(start - 1).trim() !== '') start -= 1;
  while (end < text.length && text.charAt(end).trim() !== '') end += 1;
  return text.slice(start, end);
}
