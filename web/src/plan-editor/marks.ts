import type { ChangePreview } from '../../../src/contract/change-preview.ts';

/** One thing to look at in a plan, at its place: why it cannot be read, or what the linter found. */
export interface Mark {
  readonly level: 'error' | 'warning';
  /** The rule of `docs/lint.md`; `null`: it is no plan yet. */
  readonly rule: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to do about it. */
  readonly fix: string | null;
}

/** What the server says of a text, as marks of it. */
export function marksOf({ problems, findings }: ChangePreview, file: string): readonly Mark[] {
  return [
    ...problems.map((one) => ({ ...one, level: 'error' as const, rule: null, file, fix: null })),
    ...findings.map(({ excepted: _excepted, ...finding }) => finding),
  ];
}
