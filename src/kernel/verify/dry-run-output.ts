/** What of a dry run's output may differ when it is repeated, as the plan declares it and its reviewers read it. */
export type MayDiffer =
  | { readonly kind: 'instants' }
  | { readonly kind: 'uuids' }
  /** The number right after a text, by at most so much from the reviewed one: as it is, or as a share of that. */
  | { readonly kind: 'number'; readonly after: string; readonly within: Tolerance };

export type Tolerance = { readonly by: number } | { readonly share: number };

/** A place where two outputs differ otherwise than was declared. Lines count from 1; `null`: there is none on that side. */
export interface OutputDifference {
  readonly line: number;
  readonly reviewed: string | null;
  readonly repeated: string | null;
}

/** How two outputs compare. */
export interface OutputComparison {
  readonly same: boolean;
  /** The first of them, in their order. */
  readonly differences: readonly OutputDifference[];
  readonly more: boolean;
}

const INSTANT = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const NUMBER = /^-?\d{1,15}(?:\.\d{1,9})?(?![\d.]*\d)/;
const SHOWN_DIFFERENCES = 1_000;

/**
 * Compares the output of a dry run with the one that was reviewed, line by line. Nothing differs but what was declared: an
 * instant, a UUID, a number within its tolerance. One line more or less is a difference from there on.
 */
export function compareOutputs(
  reviewed: string,
  repeated: string,
  mayDiffer: readonly MayDiffer[],
): OutputComparison {
  const [a, b] = [reviewed.split('\n'), repeated.split('\n')];
  const differences: OutputDifference[] = [];
  let more = false;
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [was, is] = [a[index] ?? null, b[index] ?? null];
    if (was !== null && is !== null && alike(was, is, mayDiffer)) continue;
    if (differences.length < SHOWN_DIFFERENCES)
      differences.push({ line: index + 1, reviewed: was, repeated: is });
    else more = true;
  }
  return { same: differences.length === 0, differences, more };
}

/** An output without what may differ: two that are the same have the same one, whatever the numbers are. */
export function normalisedOutput(output: string, mayDiffer: readonly MayDiffer[]): string {
  return mayDiffer.length === 0
    ? output
    : output
        .split('\n')
        .map((line) => shapeOf(line, mayDiffer).text)
        .join('\n');
}

function alike(reviewed: string, repeated: string, mayDiffer: readonly MayDiffer[]): boolean {
  if (reviewed === repeated) return true;
  if (mayDiffer.length === 0) return false;
  const [was, is] = [shapeOf(reviewed, mayDiffer), shapeOf(repeated, mayDiffer)];
  if (was.text !== is.text || was.numbers.length !== is.numbers.length) return false;
  return was.numbers.every((number, index) => {
    const other = is.numbers[index];
    return other !== undefined && within(number.value, other.value, number.tolerance);
  });
}

interface Shape {
  readonly text: string;
  readonly numbers: readonly { readonly value: number; readonly tolerance: Tolerance }[];
}

/** A line with a name in the place of everything that may differ, and the numbers that stood there. */
function shapeOf(line: string, mayDiffer: readonly MayDiffer[]): Shape {
  let text = line;
  const numbers: { value: number; tolerance: Tolerance }[] = [];
  for (const one of mayDiffer) {
    if (one.kind === 'instants') text = text.replace(INSTANT, '<instant>');
    else if (one.kind === 'uuids') text = text.replace(UUID, '<uuid>');
    else {
      const taken = withoutNumbers(text, one.after);
      text = taken.text;
      for (const value of taken.values) numbers.push({ value, tolerance: one.within });
    }
  }
  return { text, numbers };
}

function withoutNumbers(text: string, after: string): { text: string; values: readonly number[] } {
  const values: number[] = [];
  const [head = '', ...rest] = text.split(after);
  const parts = rest.map((part) => {
    const found = NUMBER.exec(part)?.[0];
    if (found === undefined) return part;
    values.push(Number(found));
    return `<number>${part.slice(found.length)}`;
  });
  return { text: [head, ...parts].join(after), values };
}

function within(reviewed: number, repeated: number, tolerance: Tolerance): boolean {
  const most = 'by' in tolerance ? tolerance.by : Math.abs(reviewed) * tolerance.share;
  return Math.abs(repeated - reviewed) <= most;
}
