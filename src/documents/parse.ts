import { jsonChunks, type JsonChunk } from './json-stream.ts';
import type { Problem, Source } from './problem.ts';
import { placesIn } from './yaml-places.ts';
import { readYaml } from './yaml.ts';

/** A document's plain value, and a way from a path in it to the place where it was written. */
export type Located = {
  readonly value: unknown;
  readonly problemAt: (path: readonly PropertyKey[], message: string) => Problem;
};

export type ParseResult =
  | { readonly ok: true; readonly documents: readonly Located[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads all documents of a YAML or JSON text into plain values. Never throws for what a person wrote. */
export function parseText(source: Source): ParseResult {
  const chunks = source.text.trimStart().startsWith('{') ? jsonChunks(source.text) : null;
  const quick = chunks === null ? null : parseJson(source, chunks);
  return quick ?? parseYaml(source);
}

/** JSON without a second look, if it is JSON; its places are found only when somebody asks. */
function parseJson(source: Source, chunks: readonly JsonChunk[]): ParseResult | null {
  try {
    const places = placesOf(source.text);
    const documents = chunks.map((chunk): Located => {
      const value: unknown = JSON.parse(source.text.slice(chunk.start, chunk.end));
      const offsetOf = once(() => offsetsInJson(source.text, chunk));
      const problemAt: Located['problemAt'] = (path, message) => ({
        file: source.file,
        ...places(offsetOf()(path)),
        message,
      });
      return { value, problemAt };
    });
    return { ok: true, documents };
  } catch {
    return null;
  }
}

/** JSON is YAML. What stands before is blanked out and not cut off, so that places are those of the whole text. */
function offsetsInJson(text: string, { start, end }: JsonChunk): (path: readonly PropertyKey[]) => number {
  const alone = `${text.slice(0, start).replaceAll(/[^\n]/g, ' ')}${text.slice(start, end)}`;
  const read = readYaml(alone);
  const [document] = read.ok ? read.documents : [];
  return document ? placesIn(alone, document.tree) : () => start;
}

function parseYaml({ file, text }: Source): ParseResult {
  const places = placesOf(text);
  const problem = (offset: number, message: string): Problem => ({ file, ...places(offset), message });
  const read = readYaml(text);
  if (!read.ok)
    return { ok: false, problems: read.flaws.map(({ offset, message }) => problem(offset, message)) };
  const documents = read.documents.map(({ value, tree }): Located => {
    const offsetOf = once(() => placesIn(text, tree));
    return { value, problemAt: (path, message) => problem(offsetOf()(path), message) };
  });
  return { ok: true, documents };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Lines and columns of offsets, counted from 1. Where lines begin is found when the first is asked for. */
function placesOf(text: string): (offset: number) => { line: number; column: number } {
  const starts = once(() => lineStarts(text));
  return (offset) => {
    const line = lineAt(starts(), offset);
    return { line: line + 1, column: offset - (starts()[line] ?? 0) + 1 };
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/** The last line that does not begin after an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
