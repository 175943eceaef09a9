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
  return write(value, []);
}

/** `path` leads to the value, from the root; it is taken up again behind every part, and read only to say what is wrong. */
type Path = (string | number)[];

function write(value: unknown, path: Path): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw notCanonical(path, String(value));
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (path.length >= MAX_DEPTH) throw notCanonical(path, `nesting deeper than ${MAX_DEPTH}`);
      return Array.isArray(value) ? writeArray(value, path) : writeObject(value, path);
    case 'undefined':
    case 'bigint':
    case 'function':
    case 'symbol':
    default:
      throw notCanonical(path, typeof value);
  }
}

/** What JSON writes as it is, and so most texts. */
const PLAIN = /^[ !#-[\]-~]*$/;

function writeString(text: string, path: Path): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw notCanonical(path, 'a lone surrogate');
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], path: Path): string {
  let text = '[';
  // By index, not by iteration: a hole reads as `undefined` and is refused like one.
  for (let i = 0; i < items.length; i++) {
    path.push(i);
    text += i > 0 ? `,${write(items[i], path)}` : write(items[i], path);
    path.pop();
  }
  return `${text}]`;
}

function writeObject(object: object, path: Path): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) {
    throw notCanonical(path, `an instance of ${object.constructor.name}`);
  }
  // RFC 8785 section 3.2.3 sorts by UTF-16 code units, which is how JavaScript sorts strings when nothing else is asked.
  const names = Object.keys(object);
  names.sort();
  let text = '';
  for (const name of names) {
    const value = (object as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    path.push(name);
    text += `${text === '' ? '' : ','}${writeString(name, path)}:${write(value, path)}`;
    path.pop();
  }
  return `{${text}}`;
}

function notCanonical(path: Path, got: string): NotCanonical {
  const steps = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return new NotCanonical(steps.join(''), got);
}
