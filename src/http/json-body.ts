import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';

/**
 * Reads bodies of JSON. A key that stands twice in one object is refused: of two readers one takes the first and one the last, so
 * that what was looked at is not what is done. So are `__proto__` and `constructor.prototype`, and bytes that are no UTF-8, which would
 * be read as something that nobody sent.
 */
export function installJsonBodies(app: Api): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = textOf(body);
    if (text === null) return done(new AppError('invalid', 'expected a body of UTF-8'));
    void parse(request, text, (error, value) => {
      const twice = error ? null : secondKeyIn(text);
      if (twice === null) return done(error, value);
      done(new AppError('invalid', `expected every key once, got \`${twice.slice(0, 100)}\` a second time`));
    });
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function textOf(body: string | Buffer): string | null {
  if (typeof body === 'string') return body;
  try {
    return UTF8.decode(body);
  } catch {
    return null;
  }
}

/** The first key that its object has already, or `null`. The text is JSON: whatever is no string and no bracket is skipped. */
function secondKeyIn(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    if (character !== '"') continue;
    const end = endOfString(text, at);
    const keys = open.at(-1);
    if (keys && isKey(text, end)) {
      // Escapes count as what they stand for.
      const key: string = JSON.parse(text.slice(at, end));
      if (keys.has(key)) return key;
      keys.add(key);
    }
    at = end - 1;
  }
  return null;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isKey(text: string, from: number): boolean {
  let at = from;
  while (' \t\r\n'.includes(text.charAt(at)) && at < text.length) at += 1;
  return text[at] === ':';
}
