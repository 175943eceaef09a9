import { isMap, isNode, isScalar, parseDocument, type Document } from 'yaml';

/** A value to be written, and where. */
export interface Setting {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The text of one document with some values in it written anew; comments and everything else in it stay. */
export function withSettings(text: string, settings: readonly Setting[]): string {
  const document = parseDocument(text, OPTIONS);
  for (const { path, value } of settings) document.setIn(path, document.createNode(value));
  if (!text.trimStart().startsWith('{')) return document.toString({ lineWidth: 0 });
  return `${JSON.stringify(document.toJS(), null, 2)}\n`;
}

const OPTIONS = { version: '1.2', schema: 'core', merge: true } as const;

/** Characters of a text that are put in place of others. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/**
 * The smallest edit that writes a field of a document that is a mapping: whoever looks at the text sees nothing else move. A
 * field that is not there comes after the one named, or at the end. `null` where the text is no such document.
 */
export function fieldEdit(text: string, name: string, value: unknown, after?: string): TextEdit | null {
  const document = parseDocument(text, OPTIONS);
  if (!isMap(document.contents) || document.contents.flow === true || document.errors.length > 0) return null;
  const node: unknown = document.get(name, true);
  if (!isNode(node) || !node.range) return added(text, document, `${name}: ${written(value)}\n`, after);
  const [from, end] = node.range;
  const closed = text.slice(from, end).endsWith('\n');
  const alone = closed || /^[ \t]*(\n|$)/.test(text.slice(end));
  const insert = alone && isLong(value) ? block(value) : written(value);
  const gap = text[from - 1] === ':' ? ' ' : '';
  return { from, to: end, insert: `${gap}${insert}${closed ? '\n' : ''}` };
}

/** What a field of a document that is a mapping holds; `undefined` where there is none. */
export function fieldOf(text: string, name: string): unknown {
  const document = parseDocument(text, OPTIONS);
  if (!isMap(document.contents) || document.errors.length > 0) return undefined;
  const node: unknown = document.get(name, true);
  return isNode(node) ? node.toJS(document) : node;
}

function added(text: string, { contents }: Document, line: string, after: string | undefined): TextEdit {
  const keys = isMap(contents) ? contents.items.map(({ key }) => key) : [];
  const place = keys.findIndex((key) => isScalar(key) && key.value === after);
  const next = place === -1 ? undefined : keys[place + 1];
  const at = isNode(next) && next.range ? text.lastIndexOf('\n', next.range[0] - 1) + 1 : text.length;
  const gap = at === 0 || text[at - 1] === '\n' ? '' : '\n';
  return { from: at, to: at, insert: `${gap}${line}` };
}

const isLong = (value: unknown): value is string => typeof value === 'string' && value.includes('\n');

/** A text of several lines as a block, indented as a field of the outermost mapping. */
function block(value: string): string {
  const lines = value.trimEnd().split('\n');
  const indicator = /^\s/.test(value) ? '|2-' : '|-';
  return [indicator, ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

/** What stays itself without quotes, wherever it stands. */
const PLAIN = /^[A-Za-z][A-Za-z0-9 ._/@+-]*[A-Za-z0-9]$|^[A-Za-z]$/;
const MEANS_MORE = /^(true|false|null|yes|no|on|off|[-+.]?(inf|nan))$/i;

/** A value on one line. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, one]) => `${written(name)}: ${written(one)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  if (typeof value === 'string' && PLAIN.test(value) && !MEANS_MORE.test(value)) return value;
  return JSON.stringify(value) ?? 'null';
}
