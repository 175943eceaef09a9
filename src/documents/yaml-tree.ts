import { EVENT_ID, SCALAR_STYLE, type Event, type MappingEvent, type ScalarEvent } from 'js-yaml';
import { excerpt, keyFlaw, partFlaw, type Flaw, type PartEvent } from './yaml-flaws.ts';

/** A part of a document and where it begins. */
export type YamlNode =
  | { readonly kind: 'scalar'; readonly offset: number; readonly event: ScalarEvent }
  | { readonly kind: 'list'; readonly offset: number; readonly items: readonly YamlNode[] }
  | { readonly kind: 'mapping'; readonly offset: number; readonly pairs: readonly YamlPair[] }
  | { readonly kind: 'alias'; readonly offset: number; readonly of: YamlNode | null };
type YamlPair = { readonly key: YamlNode; readonly value: YamlNode };

/** How many parts the aliases of a document may lay out. Beyond this they multiply: an attack and not a document. */
const MAX_LAID_OUT = 100_000;

/** The state of going once through the events of a text. */
interface Walk {
  readonly text: string;
  readonly events: readonly Event[];
  readonly flaws: Flaw[];
  /** The event that is next. */
  next: number;
  /** Where what was met last ends, as far as its event says. */
  end: number;
  /** What a name stands for, and of how many parts that is; `null` while it is being read, for what holds itself has no end. */
  anchors: Map<string, { readonly node: YamlNode; readonly parts: number } | null>;
  /** How many parts were met in this document, laid out; and how many of them aliases brought. */
  parts: number;
  laidOut: number;
}

/** Every document of a text as a tree of its parts; and what is wrong with these whatever they mean. */
export function treesOf(text: string, events: readonly Event[]) {
  const trees: YamlNode[] = [];
  const walk: Walk = { text, events, flaws: [], next: 0, end: 0, anchors: new Map(), parts: 0, laidOut: 0 };
  while (walk.next < events.length) {
    const event = events[walk.next++];
    if (event?.type !== EVENT_ID.DOCUMENT) continue;
    if (event.explicitStart) passMark(walk);
    Object.assign(walk, { anchors: new Map(), parts: 0, laidOut: 0 });
    trees.push(nextNode(walk, NOTHING, walk.end));
  }
  return { trees, flaws: walk.flaws };
}

/** Goes past `---`. A directive before it could make the document mean something else. */
function passMark(walk: Walk): void {
  const { text, end: before } = walk;
  walk.end = after(walk, START, before);
  const directive = DIRECTIVE.exec(text.slice(before, walk.end));
  if (directive) flaw(walk, before + directive.index, `expected no directive, got ${excerpt(directive[0])}`);
}

function flaw(walk: Walk, offset: number, message: string): void {
  walk.flaws.push({ offset, message });
}

/** Reads the part that is next. Where nothing is written of it, its place is after `sign`, or `otherwise`. */
function nextNode(walk: Walk, sign: RegExp, otherwise: number): YamlNode {
  const event = walk.events[walk.next++];
  walk.parts += 1;
  if (event?.type === EVENT_ID.ALIAS) return alias(walk, event.anchorStart, event.anchorEnd);
  if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) {
    throw new Error('expected a part of a document among the events of its text, got none');
  }
  const wrong = partFlaw(walk.text, event);
  if (wrong !== null) walk.flaws.push(wrong);
  const { anchorStart, anchorEnd, tagEnd } = event;
  walk.end = Math.max(walk.end, anchorEnd, tagEnd);
  const isBare = anchorEnd === -1 && tagEnd === -1;
  const empty = () => (isBare ? after(walk, sign, otherwise) : after(walk, SPACE, walk.end));
  if (anchorStart === -1) return content(walk, event, empty);
  const name = walk.text.slice(anchorStart, anchorEnd);
  const before = walk.parts;
  walk.anchors.set(name, null);
  const node = content(walk, event, empty);
  walk.anchors.set(name, { node, parts: walk.parts - before + 1 });
  return node;
}

function content(walk: Walk, event: PartEvent, empty: () => number): YamlNode {
  if (event.type === EVENT_ID.SCALAR) return { kind: 'scalar', offset: scalar(walk, event, empty), event };
  const { start } = event;
  walk.end = start;
  if (event.type === EVENT_ID.SEQUENCE) return { kind: 'list', offset: start, items: items(walk) };
  const held = pairs(walk, event);
  // A mapping without brackets begins with its first key, whose name and tag are no part of it.
  const isNamed = walk.text[start] === '&' || walk.text[start] === '!';
  return { kind: 'mapping', offset: (isNamed ? held[0]?.key.offset : undefined) ?? start, pairs: held };
}

const isOpen = ({ events, next }: Walk) => next < events.length && events[next]?.type !== EVENT_ID.POP;

function items(walk: Walk): YamlNode[] {
  const read: YamlNode[] = [];
  while (isOpen(walk)) read.push(nextNode(walk, DASH, walk.end));
  walk.next += 1;
  return read;
}

function pairs(walk: Walk, mapping: MappingEvent): YamlPair[] {
  const read: YamlPair[] = [];
  while (isOpen(walk)) {
    const event = walk.events[walk.next];
    const key = nextNode(walk, NOTHING, walk.end);
    const wrong = event ? keyFlaw(walk.text, mapping, event) : null;
    if (wrong !== null) flaw(walk, key.offset, wrong);
    read.push({ key, value: nextNode(walk, COLON, key.offset) });
  }
  walk.next += 1;
  return read;
}

function alias(walk: Walk, start: number, end: number): YamlNode {
  const name = walk.text.slice(start, end);
  const offset = start - 1;
  const known = walk.anchors.get(name);
  walk.end = end;
  if (known === undefined)
    flaw(walk, offset, `expected an anchor before its alias, got only ${excerpt(`*${name}`)}`);
  if (known === null)
    flaw(walk, offset, `expected an alias of what ends before it, got ${excerpt(`*${name}`)}`);
  const { node, parts } = known ?? { node: null, parts: 0 };
  if (walk.laidOut <= MAX_LAID_OUT && walk.laidOut + parts > MAX_LAID_OUT) {
    flaw(walk, offset, `expected aliases that stand for at most ${MAX_LAID_OUT} values, got more`);
  }
  walk.laidOut += parts;
  walk.parts += parts;
  return { kind: 'alias', offset, of: node };
}

/** Where a scalar begins, its quote or sign included. */
function scalar(walk: Walk, event: ScalarEvent, empty: () => number): number {
  const { valueStart, valueEnd, style } = event;
  if (valueStart === -1) {
    const place = empty();
    walk.end = Math.max(walk.end, place);
    return place;
  }
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  const begin =
    style === SCALAR_STYLE.PLAIN ? valueStart : isQuoted ? valueStart - 1 : headerOf(walk, valueStart);
  walk.end = isQuoted ? valueEnd + 1 : valueEnd;
  return begin;
}

/** The sign of a block of text: its event begins on the line below. */
function headerOf({ text, end }: Walk, valueStart: number): number {
  const line = text.lastIndexOf('\n', valueStart - (text[valueStart - 1] === '\n' ? 2 : 1)) + 1;
  const from = Math.max(line, end);
  return from + text.slice(from, valueStart).search(/[|>][-+0-9]*(?:[ \t]+#.*)?[ \t\r]*\n?$/);
}

const DIRECTIVE = /^%(?!YAML[ \t]+1\.2[ \t\r]*$).*/m;
const START = /^---[ \t]*/gm;
const DASH = /(?:[\s\]},]|#[^\n]*\n)*-[ \t]*/y;
const COLON = /\s*:[ \t]*/y;
const SPACE = /[ \t]*/y;
const NOTHING = /(?:)/y;

/** The place after a sign that follows what was met last. */
function after({ text, end }: Walk, sign: RegExp, otherwise: number): number {
  sign.lastIndex = end;
  return sign.test(text) ? sign.lastIndex : otherwise;
}
