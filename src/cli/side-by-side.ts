import type { DryRunDifference } from '../contract/dry-run.ts';
import { plainLine } from './plain-line.ts';

const NARROWEST = 20;

/** The lines that differ, what was reviewed on the left and what was printed now on the right; wide lines go on below. */
export function sideBySide({ differences, more }: DryRunDifference, columns: number): readonly string[] {
  const wide = Math.max(NARROWEST, Math.floor((columns - 11) / 2));
  const row = (line: string, left: string, right: string) =>
    `${line.padStart(6)}  ${left.padEnd(wide)} ${left === right ? ' ' : '|'} ${right}`.trimEnd();
  const lines = differences.flatMap(({ line, reviewed, repeated }) => {
    const [left, right] = [folded(reviewed, wide), folded(repeated, wide)];
    return Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
      row(index === 0 ? String(line) : '', left[index] ?? '', right[index] ?? ''),
    );
  });
  return [
    row('line', 'as reviewed', 'as repeated'),
    ...lines,
    ...(more ? ['        … more: they are in the outputs'] : []),
  ];
}

function folded(text: string | null, wide: number): readonly string[] {
  if (text === null) return ['(no such line)'];
  const plain = plainLine(text);
  if (plain === '') return [''];
  return plain.match(new RegExp(`.{1,${wide}}`, 'gu')) ?? [''];
}
