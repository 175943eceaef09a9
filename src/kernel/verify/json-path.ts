/** The steps to one value in a JSON document: names of members, indexes of elements. */
export type JsonPath = readonly (string | number)[];

const STEP =
  /^(?:\.([A-Za-z_][\w-]*)|\[(0|-?[1-9]\d*)\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\])/;

/**
 * Reads a singular query of RFC 9535 (`$.items[0]['a b']`), which leads to one value or to none; `null` if it is none. What may lead
 * to many values is not read: which of them would be compared?
 */
export function parseJsonPath(text: string): JsonPath | null {
  if (!text.startsWith('$')) return null;
  const path: (string | number)[] = [];
  for (let rest = text.slice(1); rest !== '';) {
    const match = STEP.exec(rest);
    if (!match) return null;
    const [whole, member, index, single, double] = match;
    const quoted = single ?? double;
    path.push(member ?? (index !== undefined ? Number(index) : (quoted ?? '').replaceAll(/\\(.)/g, '$1')));
    rest = rest.slice(whole.length);
  }
  return path;
}

/** The value at a path, or `undefined` where there is none. A negative index counts from the end. */
export function atJsonPath(document: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }, document);
}
