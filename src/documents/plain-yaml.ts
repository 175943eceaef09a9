import { readFlow } from './plain-yaml-flow.ts';
import {
  blockScalar,
  plainKey,
  plainScalar,
  quotedScalar,
  type Reading,
  skipSpaces,
} from './plain-yaml-scalar.ts';

/** What a text says, and the offset of what stands at a path in it, or of the nearest that there is. */
export interface PlainYaml {
  readonly value: unknown;
  readonly offsetOf: (path: readonly PropertyKey[]) => number;
}

/** A tab or a carriage return, a mark of a document or a directive: what none of this is written with. */
const BEYOND = /[\t\r\uFEFF]|^(?:---|\.\.\.|%)/m;

/** Nothing of ours nests so deeply. */
const MOST_DEEP = 60;

/**
 * Reads one document of the YAML that people write plans and policies in: mappings and lists of lines or of brackets, their
 * keys plain words, their values on one line or blocks. Whatever else a text holds, and whatever is wrong with it, is `null`, and
 * the whole reader of YAML says what it means (ADR 0132).
 *
 * INVARIANT: what is not `null` is, value by value and place by place, what the whole reader makes of it.
 */
export function readPlainYaml(text: string): PlainYaml | null {
  if (BEYOND.test(text)) return null;
  const reading: Reading = { text, at: 0, line: 0, indent: 0, places: new Map() };
  nextLine(reading);
  const { at, indent } = reading;
  if (indent !== 0) return null;
  const value = isItem(reading) ? list(reading, MOST_DEEP) : mapping(reading, MOST_DEEP);
  // What stands further in than it may, or between two indents, ends every mapping and list around it, and the text is not at its end.
  if (value === undefined || reading.indent !== -1) return null;
  return { value, offsetOf: (path) => offsetIn(reading, { value, at }, path) };
}

function offsetIn(
  { places }: Reading,
  from: { readonly value: unknown; readonly at: number },
  path: readonly PropertyKey[],
): number {
  let { value, at } = from;
  for (const step of path) {
    const inside = typeof value === 'object' && value !== null ? places.get(value) : undefined;
    const key = Array.isArray(value) ? String(Number(step)) : String(step);
    if (inside === undefined || !Object.hasOwn(inside, key)) break;
    at = (inside as Readonly<Record<string, number>>)[key] as number;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/** Goes to what stands first on the lines from here on, over empty ones and comments; the indent is -1 at the end. */
function nextLine(reading: Reading): void {
  const { text } = reading;
  let line = reading.at;
  for (;;) {
    const at = skipSpaces(text, line);
    const first = text[at];
    if (first !== '\n' && first !== '#') {
      reading.at = at;
      reading.line = line;
      reading.indent = first === undefined ? -1 : at - line;
      return;
    }
    const end = first === '#' ? text.indexOf('\n', at) : at;
    line = end === -1 ? text.length : end + 1;
  }
}

/** Ends a line behind a value, or behind a key: nothing may follow there but a comment. */
function endLine(reading: Reading): boolean {
  const { text } = reading;
  const at = skipSpaces(text, reading.at);
  const ends = at >= text.length || text[at] === '\n' || (text[at] === '#' && text[at - 1] === ' ');
  if (!ends) return false;
  const end = text.indexOf('\n', at);
  reading.at = end === -1 ? text.length : end + 1;
  nextLine(reading);
  return true;
}

const isItem = ({ text, at }: Reading) => text[at] === '-' && text[at + 1] === ' ';

/** `undefined` wherever this reader does not know, here and below. */
function mapping(reading: Reading, depth: number): object | undefined {
  const { indent } = reading;
  const value: Record<string, unknown> = {};
  const places: Record<string, number> = {};
  reading.places.set(value, places);
  while (reading.indent === indent) {
    const key = plainKey(reading);
    if (key === undefined || Object.hasOwn(value, key)) return undefined;
    reading.at = skipSpaces(reading.text, reading.at);
    const first = reading.text[reading.at];
    const below = first === undefined || first === '\n' || first === '#';
    if (below && !(endLine(reading) && belongsTo(reading, indent))) return undefined;
    places[key] = reading.at;
    const inner = below ? belowKey(reading, indent, depth) : onLine(reading, indent, depth);
    if (inner === undefined) return undefined;
    value[key] = inner;
  }
  return value;
}

/** What stands below its key, which stands at `indent`. */
function belowKey(reading: Reading, indent: number, depth: number): unknown {
  const { text, at } = reading;
  if (isItem(reading)) return depth === 1 ? undefined : list(reading, depth - 1);
  const isMapping = plainKey(reading) !== undefined;
  reading.at = at;
  if (isMapping) return deeper(reading, depth);
  return text[at] === '|' || text[at] === '>' ? undefined : onLine(reading, indent, depth);
}

/** Below a key stands what is further in, or a list as far out as the key. */
const belongsTo = (reading: Reading, indent: number) =>
  reading.indent > indent || (reading.indent === indent && isItem(reading));

function list(reading: Reading, depth: number): object | undefined {
  const { indent } = reading;
  const value: unknown[] = [];
  const places: number[] = [];
  reading.places.set(value, places);
  while (reading.indent === indent && isItem(reading)) {
    reading.at = skipSpaces(reading.text, reading.at + 1);
    const { at, line } = reading;
    places.push(at);
    const isMapping = plainKey(reading) !== undefined;
    reading.at = at;
    if (isMapping) reading.indent = at - line;
    const inner = isMapping ? deeper(reading, depth) : onLine(reading, indent, depth);
    if (inner === undefined) return undefined;
    value.push(inner);
  }
  return value;
}

const deeper = (reading: Reading, depth: number) => (depth === 1 ? undefined : mapping(reading, depth - 1));

/** A value that begins on the line of its key or dash, which stands at `indent`; ends its line. */
function onLine(reading: Reading, indent: number, depth: number): unknown {
  const first = reading.text[reading.at];
  if (first === '|' || first === '>') {
    const text = blockScalar(reading, indent);
    if (text !== undefined) nextLine(reading);
    return text;
  }
  const value =
    first === '{' || first === '['
      ? readFlow(reading, indent, depth - 1)
      : first === '"' || first === "'"
        ? quotedScalar(reading)
        : plainScalar(reading);
  return value !== undefined && endLine(reading) ? value : undefined;
}
