/** A text against another, line by line, as `diff -u` writes it. */
export interface LineDifference {
  /** Hunks with three lines around each; empty where the texts are the same. */
  readonly text: string;
  /** Whether it is longer than this and was cut. */
  readonly cut: boolean;
}

/** One line of both texts, of the first only, or of the second only. */
export interface LineEdit {
  readonly kind: ' ' | '-' | '+';
  /** With its line feed, where it has one. */
  readonly line: string;
}

/** How many lines may be added and removed before whatever is between the first and the last of them counts as replaced. */
const MOST_EDITS = 1_000;
/** How many lines a difference has at most. */
const MOST_LINES = 2_000;
const AROUND = 3;

/** The hunks that turn `before` into `after`, at most `mostLines` of them. */
export function lineDifference(before: string, after: string, mostLines = MOST_LINES): LineDifference {
  const lines = hunksOf(lineEdits(before, after));
  return { text: lines.slice(0, mostLines).join(''), cut: lines.length > mostLines };
}

/** The fewest lines to remove and to add, in their order, by the algorithm of Myers; of long, unlike texts one replacement. */
export function lineEdits(before: string, after: string, mostEdits = MOST_EDITS): readonly LineEdit[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const [midA, midB] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const frontiers = frontiersOf(midA, midB, mostEdits);
  return [
    ...as(' ', a.slice(0, head)),
    ...(frontiers === null ? [...as('-', midA), ...as('+', midB)] : walkBack(midA, midB, frontiers)),
    ...as(' ', a.slice(a.length - tail)),
  ];
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function as(kind: LineEdit['kind'], lines: readonly string[]): readonly LineEdit[] {
  return lines.map((line) => ({ kind, line }));
}

/**
 * For each number of edits how far into `a` each diagonal (index in `a` less index in `b`) can be reached with it, the diagonal 0
 * in the middle; `null` where more edits than `most` are needed.
 */
function frontiersOf(a: readonly string[], b: readonly string[], most: number): readonly Int32Array[] | null {
  const frontiers: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    const former = frontiers.at(-1);
    const reached = new Int32Array(2 * edits + 1);
    frontiers.push(reached);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const x = slide(a, b, former ? stepOf(former, edits, diagonal).x : 0, diagonal);
      reached[diagonal + edits] = x;
      if (x >= a.length && x - diagonal >= b.length) return frontiers;
    }
  }
  return null;
}

/** The farthest point of a diagonal by one edit more: down from the diagonal above it, or to the right from the one below. */
function stepOf(
  former: Int32Array,
  edits: number,
  diagonal: number,
): { readonly x: number; readonly from: number } {
  const at = (one: number) => former[one + edits - 1] ?? -1;
  const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
  return down ? { x: at(diagonal + 1), from: diagonal + 1 } : { x: at(diagonal - 1) + 1, from: diagonal - 1 };
}

function slide(a: readonly string[], b: readonly string[], from: number, diagonal: number): number {
  let x = from;
  while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
  return x;
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  frontiers: readonly Int32Array[],
): readonly LineEdit[] {
  const edits: LineEdit[] = [];
  let x = a.length;
  let diagonal = a.length - b.length;
  for (let count = frontiers.length - 1; count >= 0; count -= 1) {
    const former = frontiers[count - 1];
    const step = former ? stepOf(former, count, diagonal) : { x: 0, from: diagonal };
    for (; x > step.x; x -= 1) edits.push({ kind: ' ', line: a[x - 1] ?? '' });
    if (!former) break;
    if (step.from > diagonal) {
      edits.push({ kind: '+', line: b[x - diagonal - 1] ?? '' });
    } else {
      edits.push({ kind: '-', line: a[x - 1] ?? '' });
      x -= 1;
    }
    diagonal = step.from;
  }
  return edits.toReversed();
}

/** The lines of `diff -u`, each with its line feed. */
function hunksOf(edits: readonly LineEdit[]): readonly string[] {
  const shown = edits.map(() => false);
  edits.forEach(({ kind }, index) => {
    if (kind !== ' ') shown.fill(true, Math.max(0, index - AROUND), index + AROUND + 1);
  });
  const lines: string[] = [];
  let [inA, inB] = [0, 0];
  for (let index = 0; index < edits.length;) {
    const end = shown.indexOf(shown[index] !== true, index);
    const run = edits.slice(index, end === -1 ? edits.length : end);
    const [ofA, ofB] = [run.filter(({ kind }) => kind !== '+'), run.filter(({ kind }) => kind !== '-')];
    if (shown[index] === true) {
      lines.push(`@@ -${span(inA, ofA.length)} +${span(inB, ofB.length)} @@\n`, ...run.map(lineText));
    }
    inA += ofA.length;
    inB += ofB.length;
    index += run.length;
  }
  return lines;
}

/** Where a hunk stands in a text: an empty one after the line that is named. */
function span(before: number, length: number): string {
  return `${length === 0 ? before : before + 1}${length === 1 ? '' : `,${length}`}`;
}

function lineText({ kind, line }: LineEdit): string {
  return line.endsWith('\n') ? `${kind}${line}` : `${kind}${line}\n\\ No newline at end of file\n`;
}
