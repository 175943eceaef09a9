/** What a text holds, block by block. It is read into these alone: there is no markup of the writer's own. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'rule' };

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])[ \t]+(.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
/** How deep quotes and lists may lie within each other: more is no text for people. */
const DEEPEST = 6;

/** Reads Markdown into blocks: paragraphs, headings, lists, quotes, code. Anything else in it is text as it stands. */
export function readMarkdown(text: string, depth = 0): readonly Block[] {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const found = blockAt(lines, at, depth);
    if (found.block) blocks.push(found.block);
    at = found.next;
  }
  return blocks;
}

interface Found {
  readonly block: Block | null;
  /** The line after it. */
  readonly next: number;
}

function blockAt(lines: readonly string[], at: number, depth: number): Found {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { block: null, next: at + 1 };
  const fence = FENCE.exec(line)?.[1];
  if (fence !== undefined) return codeAt(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) {
    const [, marks = '', text = ''] = heading;
    return { block: { kind: 'heading', level: marks.length, text: text.trim() }, next: at + 1 };
  }
  if (RULE.test(line)) return { block: { kind: 'rule' }, next: at + 1 };
  if (depth < DEEPEST && QUOTE.test(line)) return quoteAt(lines, at, depth);
  if (depth < DEEPEST && ITEM.test(line)) return listAt(lines, at, depth);
  return paragraphAt(lines, at);
}

function codeAt(lines: readonly string[], at: number, fence: string): Found {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(fence)) end += 1;
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 };
}

function quoteAt(lines: readonly string[], at: number, depth: number): Found {
  const inner: string[] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const found = QUOTE.exec(lines[end] ?? '');
    if (!found) break;
    inner.push(found[1] ?? '');
  }
  return { block: { kind: 'quote', blocks: readMarkdown(inner.join('\n'), depth + 1) }, next: end };
}

function listAt(lines: readonly string[], at: number, depth: number): Found {
  const ordered = isOrdered(lines[at]);
  const items: string[][] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    const found = ITEM.exec(line);
    if (found && isOrdered(line) === ordered) items.push([found[3] ?? '']);
    else if (/^(?: {2,}|\t)\S/.test(line)) items.at(-1)?.push(line.replace(/^(?: {2,4}|\t)/, ''));
    else break;
  }
  const blocks = items.map((item) => readMarkdown(item.join('\n'), depth + 1));
  return { block: { kind: 'list', ordered, items: blocks }, next: end };
}

const isOrdered = (line = '') => /^\s*\d/.test(line);

function paragraphAt(lines: readonly string[], at: number): Found {
  let end = at + 1;
  while (end < lines.length && !beginsAnother(lines[end] ?? '')) end += 1;
  return { block: { kind: 'paragraph', text: lines.slice(at, end).join('\n') }, next: end };
}

function beginsAnother(line: string): boolean {
  return line.trim() === '' || [FENCE, HEADING, RULE, ITEM, QUOTE].some((one) => one.test(line));
}

/** A piece of a line. */
export type Piece =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  /** `address` is one that may be followed; a picture is one too, for it is never loaded. */
  | { readonly kind: 'link'; readonly text: string; readonly address: string };

const PIECES =
  /(`[^`\n]+`)|!?\[([^\][\n]{0,500})\]\(([^()\s]{1,2000})(?: "[^"\n]{0,200}")?\)|\*\*([^*\n]{1,500})\*\*|(?<![\w*])\*([^*\n]{1,500})\*(?![\w*])|(?<![\w_])_([^_\n]{1,500})_(?![\w_])|(https?:\/\/[^\s<>"'`)\]]{0,2000}[^\s<>"'`)\].,;:!?])/g;

/** The pieces of a text. Where an address may not be followed the text stays as it was written. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of text.matchAll(PIECES)) {
    const piece = pieceOf(match);
    if (!piece) continue;
    if (match.index > last) pieces.push({ kind: 'text', text: text.slice(last, match.index) });
    pieces.push(piece);
    last = match.index + match[0].length;
  }
  if (last < text.length) pieces.push({ kind: 'text', text: text.slice(last) });
  return pieces;
}

function pieceOf([
  whole,
  code,
  label,
  address,
  strong,
  starred,
  lined,
  bare,
]: RegExpMatchArray): Piece | null {
  if (code !== undefined) return { kind: 'code', text: code.slice(1, -1) };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  const leaning = starred ?? lined;
  if (leaning !== undefined) return { kind: 'emphasis', text: leaning };
  if (bare !== undefined) return isFollowed(bare) ? { kind: 'link', text: bare, address: bare } : null;
  if (address === undefined || !isFollowed(address)) return null;
  const picture = whole.startsWith('!');
  const text = label === undefined || label === '' ? address : label;
  return { kind: 'link', text: picture ? `picture: ${text}` : text, address };
}

/** INVARIANT: only an address of the web, or of a mailbox, is ever a link: no script, no data, no file, nothing of this server. */
function isFollowed(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' || protocol === 'mailto:';
}
