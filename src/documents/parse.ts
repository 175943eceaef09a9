import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { jsonChunks, type JsonChunk } from './json-stream.ts';
import type { Problem, Source } from './problem.ts';

/** A document's plain value, and a way from a path in it to the place where it was written. */
export type Located = {
  readonly value: unknown;
  readonly problemAt: (path: readonly PropertyKey[], message: string) => Problem;
};

export type ParseResult =
  | { readonly ok: true; readonly documents: readonly Located[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const YAML_OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: true,
  uniqueKeys: true,
  strict: true,
  prettyErrors: false,
} as const;

/** Beyond this, aliases that multiply are an attack and not a document. */
const MAX_ALIASES = 1_000;

/** Reads all documents of a YAML or JSON text into plain values. Never throws for what a person wrote. */
export function parseText(source: Source): ParseResult {
  const chunks = source.text.trimStart().startsWith('{') ? jsonChunks(source.text) : null;
  const quick = chunks === null ? null : parseJson(source, chunks);
  return quick ?? parseYaml(source);
}

/** JSON without a second look, if it is JSON; its places are found only when somebody asks. */
function parseJson(source: Source, chunks: readonly JsonChunk[]): ParseResult | null {
  try {
    const documents = chunks.map((chunk): Located => {
      const value: unknown = JSON.parse(source.text.slice(chunk.start, chunk.end));
      const places = jsonPlaces(source, chunk);
      return { value, problemAt: (path, message) => ({ file: source.file, ...places(path), message }) };
    });
    return { ok: true, documents };
  } catch {
    return null;
  }
}

/** Finds places in JSON. It is parsed for them when the first is asked for, once however many are. */
function jsonPlaces({ text }: Source, { start, end }: JsonChunk) {
  let parsed: { readonly lines: LineCounter; readonly document: Document | undefined } | null = null;
  return (path: readonly PropertyKey[]) => {
    parsed ??= located();
    const { lines, document } = parsed;
    return place(lines, document === undefined ? start : offsetOf(document, path));
  };

  function located() {
    // What stands before is blanked out and not cut off, so that lines and columns are those of the whole text.
    const before = text.slice(0, start).replaceAll(/[^\n]/g, ' ');
    const lines = new LineCounter();
    const [document] = parseAllDocuments(before + text.slice(start, end), {
      ...YAML_OPTIONS,
      merge: false,
      lineCounter: lines,
    });
    return { lines, document: document as Document | undefined };
  }
}

function parseYaml(source: Source): ParseResult {
  const { file, text } = source;
  const lines = new LineCounter();
  const problem = (offset: number, message: string): Problem => ({ file, ...place(lines, offset), message });
  const parsed = Array.from(parseAllDocuments(text, { ...YAML_OPTIONS, lineCounter: lines }));
  const documents: Located[] = [];
  const problems: Problem[] = [];
  for (const document of parsed as Document[]) {
    problems.push(...flawsOf(document).map(({ offset, message }) => problem(offset, message)));
    if (problems.length > 0) continue;
    const read = valueOf(document);
    if (!read.ok) problems.push(problem(0, read.message));
    else
      documents.push({
        value: read.value,
        problemAt: (path, message) => problem(offsetOf(document, path), message),
      });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, documents };
}

type Flaw = { readonly offset: number; readonly message: string };

/** What is wrong with a document before anybody looks at its meaning. */
function flawsOf(document: Document): Flaw[] {
  const flaws = [...document.errors, ...document.warnings].map(({ pos, message, code }): Flaw => ({
    offset: pos[0],
    message: explained(code, message),
  }));
  if (flaws.length > 0) return flaws.slice(0, 20);
  visit(document, {
    Pair: (_, pair) => {
      const flaw = keyFlaw(pair);
      if (flaw !== null) flaws.push(flaw);
    },
    Node: (_, node) => {
      if (!isAlias(node) && node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
        flaws.push({ offset: node.range?.[0] ?? 0, message: `expected no tag, got \`${node.tag}\`` });
      }
    },
  });
  return flaws;
}

function explained(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'expected every key once, got it a second time';
  return `expected YAML or JSON that can be read: ${inOneLine(message)}`;
}

/** The library's own sentence, as a part of ours. */
function inOneLine(message: string): string {
  const text = message.split('\n')[0] ?? message;
  const short = text.length > 120 ? `${text.slice(0, 119)}…` : text;
  return `${short.charAt(0).toLowerCase()}${short.slice(1)}`;
}

function keyFlaw({ key }: Pair): Flaw | null {
  if (!isScalar(key)) {
    const offset = (key as Node | null)?.range?.[0] ?? 0;
    return isAlias(key) ? null : { offset, message: 'expected a plain key, got a list or a mapping as key' };
  }
  if (key.value === '__proto__') {
    return { offset: key.range?.[0] ?? 0, message: 'expected another key than `__proto__`' };
  }
  return null;
}

function valueOf(document: Document): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, message: `expected a document that can be laid out: ${inOneLine(text)}` };
  }
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Where the value at a path begins; where it is missing, the key or the innermost mapping that should hold it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    const next: { node: Node | null; offset: number } | null = child(node, step, document);
    if (next === null) break;
    ({ node, offset } = next);
  }
  return offset;
}

function child(
  node: Node | null,
  step: PropertyKey,
  document: Document,
): { node: Node | null; offset: number } | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item === undefined ? null : { node: item, offset: item.range?.[0] ?? 0 };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  if (pair === undefined) return mergedChild(node.items, step, document);
  const value = pair.value as Node | null;
  const key = pair.key as Node;
  return { node: value, offset: value?.range?.[0] ?? key.range?.[0] ?? 0 };
}

/** A field that a merge key brought in. */
function mergedChild(items: readonly Pair[], step: PropertyKey, document: Document) {
  for (const { key, value } of items) {
    if (!isScalar(key) || key.value !== '<<') continue;
    const merged = isSeq(value) ? (value.items as Node[]) : [value as Node | null];
    for (const item of merged) {
      const found = child(isAlias(item) ? (item.resolve(document) ?? null) : item, step, document);
      if (found !== null) return found;
    }
  }
  return null;
}
