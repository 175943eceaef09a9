import { factsDocument, type FactsDocument } from '../contract/facts.ts';
import { factsOf } from '../contract/facts-parsed.ts';
import type { Facts } from '../kernel/policy/facts.ts';
import type { Problem, Source } from './problem.ts';
import { readStream } from './read.ts';

/** The facts of one question, as they were written (digests are taken over that) and as the kernel wants them. */
export type FactsRead = { readonly facts: Facts; readonly written: FactsDocument };

export type FactsStream =
  | { readonly ok: true; readonly documents: readonly FactsRead[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads all facts documents of a text, YAML or JSON, one after the other. */
export function readFacts(source: Source): FactsStream {
  const read = readStream(factsDocument, source);
  if (!read.ok) return read;
  return {
    ok: true,
    documents: read.documents.map(({ typed, value }) => ({
      facts: factsOf(typed),
      // What the schema accepted has its input form.
      written: value as FactsDocument,
    })),
  };
}
