import type { z } from 'zod';
import { problemsOf, type ContractProblem } from '../contract/problem.ts';
import { parseText, type Located, type ParseResult } from './parse.ts';
import type { Problem, Source } from './problem.ts';

/** A document that was read: its typed value, what was written, and where each part of it stands. */
export type ReadDocument<T> = Located & { readonly typed: T };

export type ReadResult<T> =
  | ({ readonly ok: true; readonly value: T } & Omit<Located, 'value'> & { readonly written: unknown })
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type StreamResult<T> =
  | { readonly ok: true; readonly documents: readonly ReadDocument<T>[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What was written, laid out into what is read; and where each part of that was written. */
export type LayOut = (written: unknown) =>
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly originOf: (path: readonly (string | number)[]) => readonly PropertyKey[];
    }
  | { readonly ok: false; readonly problems: readonly ContractProblem[] };

/**
 * Reads a text that holds one document (YAML or JSON) into a typed value. `written` is the plain value before
 * defaults were filled in; digests are taken over it. Never throws for what a person wrote.
 */
export function readDocument<T>(schema: z.ZodType<T>, source: Source, layOut?: LayOut): ReadResult<T> {
  const read = readStream(schema, source, layOut);
  if (!read.ok) return read;
  const [first, second] = read.documents;
  if (first === undefined) return nothing(source);
  if (second !== undefined) {
    return { ok: false, problems: [second.problemAt([], 'expected one document, got another one here')] };
  }
  return { ok: true, value: first.typed, written: first.value, problemAt: first.problemAt };
}

/** Reads a text that holds any number of documents, at least one. All of them must be valid. */
export function readStream<T>(schema: z.ZodType<T>, source: Source, layOut?: LayOut): StreamResult<T> {
  const parsed = parseText(source);
  if (!parsed.ok) return parsed;
  if (parsed.documents.length === 0) return nothing(source);
  const texts = source.secret === true ? 'secret' : 'repeated';
  return typedStream(schema, { ...parsed, mayBreak: mayBreak(source) }, { layOut, texts });
}

function typedStream<T>(
  schema: z.ZodType<T>,
  parsed: ParseResult & { ok: true; readonly mayBreak: boolean },
  { layOut, texts }: { readonly layOut: LayOut | undefined; readonly texts: 'secret' | 'repeated' },
): StreamResult<T> {
  const documents: ReadDocument<T>[] = [];
  const problems: Problem[] = [];
  for (const written of parsed.documents) {
    const unreadable = parsed.mayBreak ? brokenText(written.value, []) : null;
    if (unreadable !== null) {
      problems.push(written.problemAt(unreadable, 'expected text of whole characters, got half of one'));
      continue;
    }
    const located = layOut ? laidOut(written, layOut) : written;
    if (Array.isArray(located)) {
      problems.push(...located);
      continue;
    }
    const result = schema.safeParse(located.value, { reportInput: true });
    if (result.success) documents.push({ ...located, typed: result.data });
    else
      problems.push(
        ...problemsOf(result.error, schema, { texts }).map(({ path, message }) =>
          located.problemAt(path, message),
        ),
      );
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, documents };
}

/** What was laid out, its places those of what was written. */
function laidOut(written: Located, layOut: LayOut): Located | Problem[] {
  const laid = layOut(written.value);
  if (!laid.ok) return laid.problems.map(({ path, message }) => written.problemAt(path, message));
  return {
    value: laid.value,
    problemAt: (path, message) =>
      written.problemAt(laid.originOf(path as readonly (string | number)[]), message),
  };
}

function nothing({ file }: Source): { ok: false; problems: Problem[] } {
  return { ok: false, problems: [{ file, line: 1, column: 1, message: 'expected a document, got nothing' }] };
}

/** Half a character comes from half a character, or from an escape: `\ud800`, `\U0000d800`. */
const mayBreak = ({ text }: Source) => !text.isWellFormed() || /\\u/i.test(text);

/** The path of the first text that is no Unicode: it has no canonical form, so nothing could be signed over it. */
function brokenText(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : path;
  // Deeper than this there is nothing that a schema of ours accepts; it also ends a document that contains itself.
  if (typeof value !== 'object' || value === null || path.length > 50) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (!key.isWellFormed()) return path;
    const found = brokenText(inner, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}
