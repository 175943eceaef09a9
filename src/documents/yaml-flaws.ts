import {
  COLLECTION_STYLE,
  EVENT_ID,
  SCALAR_STYLE,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';

/** What is wrong with a text, and at which of its characters. */
export type Flaw = { readonly offset: number; readonly message: string };

/** A part that something is written of, unlike an alias. */
export type PartEvent = ScalarEvent | SequenceEvent | MappingEvent;

export const excerpt = (text: string) => `\`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\``;

const TAGS = {
  [EVENT_ID.SCALAR]: /^!!(?:str|int|float|bool|null)$/,
  [EVENT_ID.SEQUENCE]: /^!!seq$/,
  [EVENT_ID.MAPPING]: /^!!map$/,
};

/** What is wrong with a part whatever it means: its tag, its name, what it decodes to. */
export function partFlaw(text: string, event: PartEvent): Flaw | null {
  const { type, tagStart, tagEnd, anchorStart, anchorEnd } = event;
  const tag = tagStart === -1 ? null : text.slice(tagStart, tagEnd);
  if (tag !== null && !TAGS[type].test(tag)) {
    return { offset: tagStart, message: `expected no tag, got ${excerpt(tag)}` };
  }
  // Readers differ about what is name and what is not.
  if (anchorStart !== -1 && (text[anchorEnd - 1] === ':' || '[{'.includes(text[anchorEnd] ?? ' '))) {
    return { offset: anchorStart - 1, message: 'expected a space after the name of an anchor, got none' };
  }
  return type === EVENT_ID.SCALAR ? escapeFlaw(text, event) : null;
}

/** Escapes of no character, which the library decodes to some other without a word. */
const BEYOND_UNICODE = /(?<!\\)(?:\\\\)*\\U(?!000|0010)/;

function escapeFlaw(text: string, { style, fast, valueStart, valueEnd }: ScalarEvent): Flaw | null {
  if (style !== SCALAR_STYLE.DOUBLE_QUOTED || fast) return null;
  const at = text.slice(valueStart, valueEnd).search(BEYOND_UNICODE);
  return at === -1
    ? null
    : { offset: valueStart + at, message: 'expected a character of Unicode, got an escape of none' };
}

/** What is wrong with a part as the key of a mapping. */
export function keyFlaw(text: string, mapping: MappingEvent, key: Event): string | null {
  if (key.type === EVENT_ID.ALIAS) return 'expected a plain key, got an alias as key';
  if (key.type !== EVENT_ID.SCALAR) return 'expected a plain key, got a list or a mapping as key';
  if (key.valueStart === -1) return 'expected a key, got none';
  const isInBraces = mapping.style === COLLECTION_STYLE.FLOW;
  return isInBraces || isFirstOnLine(text, key)
    ? null
    : 'expected a key at the beginning of a line, got one behind something else';
}

/** The library lets a key pass behind what closes, and behind a name: `a: &x b: 1`. */
function isFirstOnLine(text: string, { valueStart, anchorStart, tagStart, style }: ScalarEvent): boolean {
  let at = valueStart - (style === SCALAR_STYLE.PLAIN ? 1 : 2);
  if (anchorStart !== -1) at = Math.min(at, anchorStart - 2);
  if (tagStart !== -1) at = Math.min(at, tagStart - 1);
  while (at >= 0 && ' -?:\t'.includes(text[at] ?? '')) at -= 1;
  return at < 0 || text[at] === '\n' || (at === 0 && text[at] === '\uFEFF');
}
