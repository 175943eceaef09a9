import {
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ID,
  floatCoreTag,
  intCoreTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  YAMLException,
  type Event,
  type ScalarEvent,
} from 'js-yaml';
import type { Flaw } from './yaml-flaws.ts';
import { treesOf, type YamlNode } from './yaml-tree.ts';
import { flawOf, keyBefore } from './yaml-words.ts';

/** A document's plain value and the tree of its parts. */
export type YamlDocument = { readonly value: unknown; readonly tree: YamlNode };

export type YamlResult =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly flaws: readonly Flaw[] };

/** Deeper than any document of ours; what is written deeper is an attack. */
const MAX_DEPTH = 100;
const MAX_MERGED_KEYS = 10_000;
const MAX_FLAWS = 20;

/** What one reader of YAML takes for an end of a line or the mark of a document, and another does not. */
const AMBIGUOUS: readonly (readonly [RegExp, string])[] = [
  [/\r(?!\n)/, 'expected lines that end by a line feed, got a carriage return alone'],
  [/(?<=\n)\uFEFF/, 'expected a byte order mark only before everything, got another'],
  [/^\uFEFF?[ \t]+(?=---|%)/, 'expected a mark at the beginning of its line, got a space before it'],
];
const NO_PROTOTYPE = 'expected another key than `__proto__`';
const NO_NULL = 'expected a key, got `null`';

const SCHEMA = CORE_SCHEMA.withTags(
  mergeTag,
  {
    ...mapTag,
    addPair: (map, key, value) => {
      if (key === '__proto__') return NO_PROTOTYPE;
      return key === null ? NO_NULL : mapTag.addPair(map, key, value);
    },
  },
  // What a tag says to be a number is written like any other.
  { ...intCoreTag, resolve: (source, _, tag) => intCoreTag.resolve(source, false, tag) },
  { ...floatCoreTag, resolve: numberOf },
);

/** A number larger than there are is none that passes, rather than a text; and a whole number is not tagged as another. */
function numberOf(source: string, isExplicit: boolean, tag: string) {
  if (isExplicit && /^[-+]?[0-9]+$/.test(source)) return NOT_RESOLVED;
  const number = floatCoreTag.resolve(source, isExplicit, tag);
  const isLarge =
    number === NOT_RESOLVED && /^[-+.]?[0-9]/.test(source) && Math.abs(Number(source)) === Infinity;
  return isLarge ? Number(source) : number;
}

/** Reads all documents of a text. Never throws for what a person wrote. */
export function readYaml(text: string): YamlResult {
  try {
    for (const [sign, message] of AMBIGUOUS) {
      const at = text.search(sign);
      if (at !== -1) return { ok: false, flaws: [{ offset: at, message }] };
    }
    const events = parseEvents(text, { maxDepth: MAX_DEPTH });
    const { trees, flaws } = treesOf(text, events);
    if (flaws.length > 0) return { ok: false, flaws: flaws.slice(0, MAX_FLAWS) };
    const values = constructFromEvents(events, {
      source: text,
      schema: SCHEMA,
      maxTotalMergeKeys: MAX_MERGED_KEYS,
    });
    return { ok: true, documents: trees.map((tree, index) => ({ value: values[index], tree })) };
  } catch (cause) {
    return { ok: false, flaws: flawsOf(text, cause) };
  }
}

/** What was thrown, if it was for what a person wrote; some of it was said by the tags above. */
function flawsOf(text: string, cause: unknown): Flaw[] {
  if (!(cause instanceof YAMLException)) throw cause;
  const { reason: message, mark } = cause;
  if (message !== NO_PROTOTYPE && message !== NO_NULL) return [flawOf(text, cause)];
  return [{ offset: keyBefore(text, mark?.position ?? 0), message }];
}

/** What a scalar means by itself. */
export function meaningOf(text: string, scalar: ScalarEvent): unknown {
  return constructFromEvents([DOCUMENT, scalar, END], { source: text, schema: SCHEMA })[0];
}

const DOCUMENT: Event = { type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] };
const END: Event = { type: EVENT_ID.POP };
