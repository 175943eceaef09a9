/** Where one JSON value of a stream stands in its text. */
export type JsonChunk = { readonly start: number; readonly end: number };

/**
 * Cuts a stream of JSON objects (one after the other, on one line or many) into its values, or says `null` where the
 * text is no such stream, or where a key stands twice in one object: then the reader of YAML, of which JSON is a
 * part, finds and locates what is wrong.
 */
export function jsonChunks(text: string): JsonChunk[] | null {
  const chunks: JsonChunk[] = [];
  let position = skipSpace(text, 0);
  while (position < text.length) {
    if (text[position] !== '{') return null;
    const end = endOfObject(text, position);
    if (end === null) return null;
    chunks.push({ start: position, end });
    position = skipSpace(text, end);
  }
  return chunks.length === 0 ? null : chunks;
}

function skipSpace(text: string, from: number): number {
  let position = from;
  while (position < text.length && ' \t\r\n'.includes(text[position] as string)) position += 1;
  return position;
}

/** The keys seen so far in an object that is open; `null` for an array. */
type Level = Set<string> | null;

function endOfObject(text: string, from: number): number | null {
  const open: Level[] = [];
  for (let position = from; position < text.length; position += 1) {
    const character = text[position];
    if (character === '"') {
      const end = endOfString(text, position);
      if (end === null || isSecondKey(text, { start: position, end }, open.at(-1))) return null;
      position = end - 1;
    } else if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 0) return position + 1;
    }
  }
  return null;
}

function endOfString(text: string, from: number): number | null {
  for (let position = from + 1; position < text.length; position += 1) {
    if (text[position] === '\\') position += 1;
    else if (text[position] === '"') return position + 1;
  }
  return null;
}

/** Whether a string is a key that its object has already. Escapes count as what they stand for. */
function isSecondKey(text: string, { start, end }: JsonChunk, level: Level | undefined): boolean {
  if (level === null || level === undefined || text[skipSpace(text, end)] !== ':') return false;
  const raw = text.slice(start + 1, end - 1);
  if (raw.includes('\\') || raw === '__proto__' || level.has(raw)) return true;
  level.add(raw);
  return false;
}
