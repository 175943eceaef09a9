/** How deep arrays and objects may nest: far above any document of ours, far below the stack's end. */
const MAX_DEPTH = 200;

/** The value has no canonical form: it is not JSON. `path` is a JSON pointer to the offending part. */
export class NotCanonical extends Error {
  readonly path: string;
  readonly got: string;

  constructor(path: string, got: string) {
    super(`expected a JSON value at \`${path === '' ? '/' : path}\`, got \`${got}\``);
    this.name = 'NotCanonical';
    this.path = path;
    this.got = got;
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
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonical('', String(value));
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= MAX_DEPTH) throw new NotCanonical('', `nesting deeper than ${MAX_DEPTH}`);
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
    case 'undefined':
    case 'bigint':
    case 'function':
    case 'symbol':
    default:
      throw new NotCanonical('', typeof value);
  }
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new NotCanonical('', 'a lone surrogate');
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '[';
  let i = 0;
  try {
    // By index, not by iteration: a hole reads as `undefined` and is refused like one.
    for (; i < items.length; i++) {
      if (i > 0) text += ',';
      text += write(items[i], depth + 1);
    }
  } catch (error) {
    throw within(String(i), error);
  }
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotCanonical('', `an instance of ${object.constructor.name}`);
  }
  let text = '{';
  let here = '';
  try {
    for (const name of sorted(Object.keys(object))) {
      const value: unknown = object[name as keyof typeof object];
      if (value === undefined) continue;
      here = name;
      if (text.length > 1) text += ',';
      text += writeName(name);
      text += write(value, depth + 1);
    }
  } catch (error) {
    throw within(here, error);
  }
  return `${text}}`;
}

/** The same refusal, seen from one level further out: a path is told only where something is refused. */
function within(name: string, error: unknown): unknown {
  if (!(error instanceof NotCanonical)) return error;
  const here = name.replaceAll('~', '~0').replaceAll('/', '~1');
  return new NotCanonical(`/${here}${error.path}`, error.got);
}

/** RFC 8785 section 3.2.3 sorts by UTF-16 code units, which is what comparing JavaScript strings does. By insertion: members are few. */
function sorted(names: string[]): string[] {
  if (names.length > FEW) return names.toSorted();
  for (let end = 1; end < names.length; end++) {
    const name = names[end] as string;
    let at = end;
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
  return names;
}

const FEW = 24;

/** The names of our documents come again in each of them: how they are written is kept, of the short ones, so that they are bounded. */
const written = new Map<string, string>();
const MOST_NAMES = 1_000;
const LONGEST_NAME = 64;

function writeName(name: string): string {
  const known = written.get(name);
  if (known !== undefined) return known;
  const text = `${writeString(name)}:`;
  if (name.length <= LONGEST_NAME && written.size < MOST_NAMES) written.set(name, text);
  return text;
}
