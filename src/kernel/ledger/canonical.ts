/** How deep arrays and objects may nest: far above any document of ours, far below the stack's end. */
const MAX_DEPTH = 200;

/** The value has no canonical form: it is not JSON. `path` is a JSON pointer to the offending part. */
export class NotCanonical extends Error {
  readonly path: string;

  constructor(path: string, got: string) {
    super(`expected a JSON value at \`${path === '' ? '/' : path}\`, got \`${got}\``);
    this.name = 'NotCanonical';
    this.path = path;
  }
}

/**
 * The canonical JSON text of a value (RFC 8785): no white space, members sorted by UTF-16 code units, numbers
 * and strings as ECMAScript writes them. Two equal documents give the same bytes once encoded as UTF-8, so every
 * digest is taken over this text.
 *
 * A member that is `undefined` is absent, as in JSON itself. Everything else JSON cannot say is refused rather
 * than repaired: `undefined` in an array, `NaN` and infinities, bigint, functions, symbols, instances of classes
 * (`Date`, `Map`, …), strings with a lone surrogate, nesting deeper than 200 (so cycles too).
 *
 * @throws {NotCanonical}
 */
export function canonicalJson(value: unknown): string {
  return write(value, '', 0);
}

function write(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonical(path, String(value));
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= MAX_DEPTH) throw new NotCanonical(path, `nesting deeper than ${MAX_DEPTH}`);
      return Array.isArray(value) ? writeArray(value, path, depth) : writeObject(value, path, depth);
    case 'undefined':
    case 'bigint':
    case 'function':
    case 'symbol':
    default:
      throw new NotCanonical(path, typeof value);
  }
}

function writeString(text: string, path: string): string {
  if (!text.isWellFormed()) throw new NotCanonical(path, 'a lone surrogate');
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], path: string, depth: number): string {
  let text = '[';
  // By index, not by iteration: a hole reads as `undefined` and is refused like one.
  for (let i = 0; i < items.length; i++) {
    if (i > 0) text += ',';
    text += write(items[i], `${path}/${i}`, depth + 1);
  }
  return `${text}]`;
}

function writeObject(object: object, path: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotCanonical(path, `an instance of ${object.constructor.name}`);
  }
  const members: [string, unknown][] = Object.entries(object);
  // RFC 8785 section 3.2.3 sorts by UTF-16 code units, which is what comparing JavaScript strings does.
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let text = '';
  for (const [name, value] of members) {
    if (value === undefined) continue;
    const here = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    text += `${text === '' ? '' : ','}${writeString(name, here)}:${write(value, here, depth + 1)}`;
  }
  return `{${text}}`;
}
