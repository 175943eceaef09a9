/** One block of an issue's Markdown, as far as the templates of changes use it. */
export type Block = { readonly line: number } & (
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'row'; readonly cells: readonly string[]; readonly text: string }
  /** An item of a list; `box` is what its check box holds. */
  | { readonly kind: 'item'; readonly box: string | null; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'comment'; readonly text: string }
  /** A quick action: `/label ~C1`. */
  | { readonly kind: 'action'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
);

const FENCE = /^\s*(`{3,}|~{3,})/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[(.)\]\s+)?(.*)$/;

/** Cuts an issue into blocks. Every line that is not blank is in exactly one of them. */
export function blocksOf(issue: string): readonly Block[] {
  const lines = issue.split(/\r?\n/);
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const { block, next } = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number): { block: Block | null; next: number } {
  const text = lines[at] ?? '';
  if (text.trim() === '') return { block: null, next: at + 1 };
  const fence = FENCE.exec(text)?.[1];
  if (fence !== undefined) return codeAt(lines, at, fence);
  if (text.trimStart().startsWith('<!--')) return commentAt(lines, at);
  return { block: lineBlock(text, at + 1), next: at + 1 };
}

function codeAt(lines: readonly string[], at: number, fence: string) {
  const close = lines.findIndex((line, index) => index > at && line.trim() === fence);
  // Without an end it is what a browser shows: code until the end.
  const end = close === -1 ? lines.length : close;
  const text = lines.slice(at + 1, end).join('\n');
  return { block: { kind: 'code', line: at + 1, text } satisfies Block, next: end + 1 };
}

function commentAt(lines: readonly string[], at: number) {
  const close = lines.findIndex((line, index) => index >= at && line.includes('-->'));
  const end = close === -1 ? lines.length - 1 : close;
  const text = lines
    .slice(at, end + 1)
    .join(' ')
    .trim();
  return { block: { kind: 'comment', line: at + 1, text } satisfies Block, next: end + 1 };
}

function lineBlock(text: string, line: number): Block {
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(text);
  if (heading) return { kind: 'heading', line, level: heading[1]?.length ?? 1, text: heading[2] ?? '' };
  if (text.trimStart().startsWith('|')) return { kind: 'row', line, text, cells: cellsOf(text) };
  if (/^\/[a-z_]+\b/.test(text)) return { kind: 'action', line, text };
  const item = ITEM.exec(text);
  if (item) return { kind: 'item', line, box: item[1] ?? null, text: (item[2] ?? '').trim() };
  return { kind: 'text', line, text: text.trim() };
}

/** The cells of a row; a bar after a backslash, or in code, is no border. */
function cellsOf(row: string): readonly string[] {
  const cells = row.trim().match(/(?:`[^`]*`|\\.|[^|`]|`)+/g) ?? [];
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}
