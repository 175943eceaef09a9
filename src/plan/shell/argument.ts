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
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '*' || character === '?') return wordAround(text, i);
    if (character === '[' && text.indexOf(']', i + 2) !== -1) return wordAround(text, i);
  }
  return null;
}

function braceListOf(text: string): string | null {
  for (let open = text.indexOf('{'); open !== -1; open = text.indexOf('{', open + 1)) {
    const close = closingBrace(text, open);
    if (close === null) continue;
    const inside = text.slice(open + 1, close);
    if (hasTopLevelComma(inside) || /^[^\s{}]+\.\.[^\s{}]+$/.test(inside)) return text.slice(open, close + 1);
  }
  return null;
}

function closingBrace(text: string, open: number): number | null {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth += 1;
    if (text[i] === '}') depth -= 1;
    if (depth === 0) return i;
  }
  return null;
}

function hasTopLevelComma(inside: string): boolean {
  let depth = 0;
  for (const character of inside) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === ',' && depth === 0) return true;
  }
  return false;
}

/** A tilde at the start of a word, or right after `=` or `:`, stands for a home folder. */
function tildeOf(text: string): string | null {
  for (let i = text.indexOf('~'); i !== -1; i = text.indexOf('~', i + 1)) {
    const before = i === 0 ? ' ' : text.charAt(i - 1);
    if (/[\s=:]/.test(before)) return wordAround(text, i);
  }
  return null;
}

function wordAround(text: string, index: number): string {
  const start = text.slice(0, index).search(/\S+$/);
  const end = text.slice(index).search(/\s/);
  return text.slice(start === -1 ? index : start, end === -1 ? text.length : index + end);
}
