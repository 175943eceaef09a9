import { compareOutputs, type MayDiffer } from '../../../src/kernel/verify/dry-run-output.ts';
import { lineEdits } from '../../../src/plan/line-difference.ts';

/** A line of the reviewed output beside one of the repeated. */
export interface Pair {
  readonly reviewed: string | null;
  readonly repeated: string | null;
  /** `declared`: it differs, and the plan lets it. */
  readonly is: 'same' | 'declared' | 'differs';
}

/** What one step printed, then and now. */
export interface StepPair {
  readonly title: string;
  readonly pairs: readonly Pair[];
  readonly differs: number;
  readonly declared: number;
}

/** Each step begins with such a line; see the runner's dry run. */
const HEADING = /^## (?:rollback )?step \d+: /;

/** Two outputs of a dry run step by step, line beside line. */
export function sideBySide(
  reviewed: string,
  repeated: string,
  mayDiffer: readonly MayDiffer[],
): readonly StepPair[] {
  const [was, is] = [byStep(reviewed), byStep(repeated)];
  const titles = [...new Set([...was.keys(), ...is.keys()])];
  return titles.map((title) => {
    const pairs = pairsOf(was.get(title) ?? [], is.get(title) ?? [], mayDiffer);
    const count = (wanted: Pair['is']) => pairs.filter((pair) => pair.is === wanted).length;
    return { title, pairs, differs: count('differs'), declared: count('declared') };
  });
}

function byStep(output: string): ReadonlyMap<string, readonly string[]> {
  const steps = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of output.replace(/\n$/, '').split('\n')) {
    if (HEADING.test(line)) {
      lines = [];
      steps.set(line.slice('## '.length), lines);
    } else if (steps.size > 0) lines.push(line);
    else if (line !== '') steps.set('before the first step', (lines = [line]));
  }
  return steps;
}

/** The lines of a step, those that are alike beside each other: what may differ makes no other line of it. */
function pairsOf(
  was: readonly string[],
  is: readonly string[],
  mayDiffer: readonly MayDiffer[],
): readonly Pair[] {
  if (was.length === is.length) return was.map((line, index) => pairOf(line, is[index] ?? '', mayDiffer));
  const pairs: Pair[] = [];
  let removed: string[] = [];
  const put = (pair: Pair) => pairs.push(pair);
  const flush = () => {
    for (const line of removed) put({ reviewed: line, repeated: null, is: 'differs' });
    removed = [];
  };
  for (const { kind, line } of lineEdits(was.map(ended).join(''), is.map(ended).join(''))) {
    const text = line.replace(/\n$/, '');
    if (kind === '-') removed.push(text);
    else if (kind === ' ') {
      flush();
      put({ reviewed: text, repeated: text, is: 'same' });
    } else {
      const before = removed.shift();
      put(
        before === undefined
          ? { reviewed: null, repeated: text, is: 'differs' }
          : pairOf(before, text, mayDiffer),
      );
    }
  }
  flush();
  return pairs;
}

const ended = (line: string) => `${line}\n`;

function pairOf(reviewed: string, repeated: string, mayDiffer: readonly MayDiffer[]): Pair {
  if (reviewed === repeated) return { reviewed, repeated, is: 'same' };
  const { same } = compareOutputs(reviewed, repeated, mayDiffer);
  return { reviewed, repeated, is: same ? 'declared' : 'differs' };
}
