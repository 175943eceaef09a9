import {
  beginsPlain,
  meaningOf,
  plainKey,
  quotedScalar,
  type Reading,
  skipSpaces,
  withoutSpacesBehind,
} from './plain-yaml-scalar.ts';

/** A mapping or list in brackets, whose lines all stand further in than `indent`; `undefined` where this reader does not know. */
export function readFlow(reading: Reading, indent: number, depth: number): object | undefined {
  if (depth <= 0) return undefined;
  return reading.text[reading.at] === '{'
    ? flowMapping(reading, indent, depth)
    : flowList(reading, indent, depth);
}

function flowMapping(reading: Reading, indent: number, depth: number): object | undefined {
  const value: Record<string, unknown> = {};
  const places: Record<string, number> = {};
  reading.places.set(value, places);
  reading.at += 1;
  for (;;) {
    if (!skipLines(reading, indent)) return undefined;
    if (closes(reading, '}')) return value;
    const key = plainKey(reading);
    if (key === undefined || Object.hasOwn(value, key) || !skipLines(reading, indent)) return undefined;
    places[key] = reading.at;
    const inner = flowValue(reading, indent, depth);
    if (inner === undefined || !goesOn(reading, indent, '}')) return undefined;
    value[key] = inner;
  }
}

function flowList(reading: Reading, indent: number, depth: number): object | undefined {
  const value: unknown[] = [];
  const places: number[] = [];
  reading.places.set(value, places);
  reading.at += 1;
  for (;;) {
    if (!skipLines(reading, indent)) return undefined;
    if (closes(reading, ']')) return value;
    places.push(reading.at);
    const inner = flowValue(reading, indent, depth);
    if (inner === undefined || !goesOn(reading, indent, ']')) return undefined;
    value.push(inner);
  }
}

function closes(reading: Reading, bracket: string): boolean {
  if (reading.text[reading.at] !== bracket) return false;
  reading.at += 1;
  return true;
}

/** Behind a value there is a comma, or the bracket at which the next round ends. */
function goesOn(reading: Reading, indent: number, bracket: string): boolean {
  if (!skipLines(reading, indent)) return false;
  const character = reading.text[reading.at];
  if (character === ',') reading.at += 1;
  return character === ',' || character === bracket;
}

/** Goes on to what is no space, on this line or a later one that stands further in than `indent`. */
function skipLines(reading: Reading, indent: number): boolean {
  const { text } = reading;
  let at = skipSpaces(text, reading.at);
  let line = -1;
  while (text[at] === '\n') {
    line = at + 1;
    at = skipSpaces(text, line);
  }
  reading.at = at;
  return at < text.length && (line === -1 || at - line > indent);
}

function flowValue(reading: Reading, indent: number, depth: number): unknown {
  const first = reading.text[reading.at];
  if (first === '{' || first === '[') return readFlow(reading, indent, depth - 1);
  return first === '"' || first === "'" ? quotedScalar(reading) : flowPlain(reading);
}

const TO_ITS_END = /[^,[\]{}\n]*/y;

/** A plain text or number up to the next comma, bracket or end of the line. */
function flowPlain(reading: Reading): unknown {
  const { text, at } = reading;
  if (!beginsPlain(text, at)) return undefined;
  TO_ITS_END.lastIndex = at;
  const written = withoutSpacesBehind(TO_ITS_END.exec(text)?.[0] ?? '');
  if (written.endsWith(':') || written.includes(': ') || written.includes(' #')) return undefined;
  reading.at = at + written.length;
  return meaningOf(written);
}
