/** Where in a document somebody types: the way to it from the root, `[]` for an item of a list. */
export interface YamlPlace {
  readonly path: readonly string[];
  /** `key`: a name of a field is typed, or may be; `value`: what a field or an item is. */
  readonly typing: 'key' | 'value';
  /** What has been typed of it so far. */
  readonly typed: string;
  /** The fields that the same mapping has already. */
  readonly siblings: readonly string[];
  /** The column at which the fields of this mapping begin. */
  readonly column: number;
  /** Within `{ }` or `[ ]`, where everything stays on its line. */
  readonly flow: boolean;
}

interface Line {
  readonly dashes: readonly number[];
  /** Where what is not a dash begins. */
  readonly column: number;
  readonly rest: string;
  readonly key: string | null;
  /** What stands after the key's colon. */
  readonly value: string;
}

const KEY = /^(?:([A-Za-z_][\w-]*)|"([^"]*)"|'([^']*)')\s*:(?:\s+(.*))?$/;

function lineOf(text: string): Line {
  const dashes: number[] = [];
  let column = text.length - text.trimStart().length;
  while (/^-(\s|$)/.test(text.slice(column))) {
    dashes.push(column);
    const after = text.slice(column + 1);
    column += 1 + (after.length - after.trimStart().length);
  }
  const rest = text.slice(column);
  const match = KEY.exec(rest);
  const key = match ? (match[1] ?? match[2] ?? match[3] ?? null) : null;
  return { dashes, column, rest, key, value: (match?.[4] ?? '').replace(/^#.*/, '') };
}

const isEmpty = (text: string) => /^\s*(#.*)?$/.test(text);

/**
 * Finds it by indentation, line by line: while somebody types a text is rarely a document that can be parsed. `null` in a comment,
 * and in a block of text.
 */
export function placeIn(lines: readonly string[], index: number, column: number): YamlPlace | null {
  const before = (lines[index] ?? '').slice(0, column);
  if (/(^|\s)#/.test(before.replaceAll(/"[^"]*"|'[^']*'/g, ''))) return null;
  const line = lineOf(before);
  const at = line.column;
  const outer = outwards(lines, index, line);
  if (outer === null) return null;
  const opened = /^[[{]/.test(line.key === null ? line.rest : line.value);
  const own = { column: at, siblings: siblingsOf(lines, index, at) };
  if (opened) {
    const path = line.key === null ? outer : [...outer, line.key];
    return withinFlow(path, line.key === null ? line.rest : line.value, own.column);
  }
  if (line.key !== null && /:\s/.test(line.rest)) {
    return { ...own, path: [...outer, line.key], typing: 'value', typed: line.value, flow: false };
  }
  return { ...own, path: outer, typing: 'key', typed: line.rest, flow: false };
}

/** The way from the root to where a line begins. */
function outwards(lines: readonly string[], index: number, { dashes, column }: Line): string[] | null {
  const path: string[] = [];
  let limit = column;
  let isItem = false;
  for (const dash of dashes.toReversed()) {
    path.unshift('[]');
    limit = dash;
    isItem = true;
  }
  for (let above = index - 1; above >= 0 && (limit > 0 || isItem); above -= 1) {
    const text = lines[above] ?? '';
    if (isEmpty(text)) continue;
    const line = lineOf(text);
    const within = isItem ? line.column <= limit : line.column < limit;
    if (line.key !== null && within) {
      // A block of text holds no fields.
      if (/^[|>]/.test(line.value)) return null;
      if (line.value === '') {
        path.unshift(line.key);
        limit = line.column;
        isItem = false;
      }
    }
    for (const dash of line.dashes.toReversed()) {
      if (dash >= limit || isItem) continue;
      path.unshift('[]');
      limit = dash;
      isItem = true;
    }
  }
  return path;
}

/** The fields of the mapping that a line is one of, above it and below. */
function siblingsOf(lines: readonly string[], index: number, column: number): string[] {
  const keys: string[] = [];
  const collect = (from: number, step: 1 | -1) => {
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      const text = lines[at] ?? '';
      if (isEmpty(text)) continue;
      const line = lineOf(text);
      if (line.column < column) return;
      // The line with the dash is the first of its item.
      const begins = line.dashes.length > 0 && line.column === column;
      if (step === 1 && (begins || (line.dashes[0] ?? column) < column)) return;
      if (line.column === column && line.key !== null) keys.push(line.key);
      if (begins) return;
    }
  };
  if (lineOf(lines[index] ?? '').dashes.length === 0) collect(index - 1, -1);
  collect(index + 1, 1);
  return keys;
}

/** The same within `{ }` and `[ ]` that began on this line. */
function withinFlow(outer: readonly string[], text: string, column: number): YamlPlace | null {
  const open: { readonly kind: string; readonly path: readonly string[]; keys: string[] }[] = [];
  let path: readonly string[] = outer;
  let token = '';
  let key: string | null = null;
  for (const character of text) {
    const inner = open.at(-1);
    if (character === '[' || character === '{') {
      const at: readonly string[] = key === null ? path : [...path, key];
      path = character === '[' ? [...at, '[]'] : at;
      open.push({ kind: character, path, keys: [] });
      [token, key] = ['', null];
    } else if (character === ']' || character === '}') {
      open.pop();
      path = open.at(-1)?.path ?? outer;
      [token, key] = ['', null];
    } else if (character === ',') {
      [token, key] = ['', null];
    } else if (character === ':' && inner?.kind === '{' && key === null) {
      key = token.trim();
      inner.keys.push(key);
      token = '';
    } else token += character;
  }
  const inner = open.at(-1);
  if (inner === undefined) return null;
  const typed = token.trimStart();
  const common = { typed, siblings: inner.keys, column, flow: true };
  if (key !== null) return { ...common, path: [...path, key], typing: 'value' };
  return { ...common, path, typing: inner.kind === '{' ? 'key' : 'value' };
}
