/** What is wrong with a file that a person wrote, and where: lines and columns count from 1. */
export type Problem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

/** `file:line:column: message`, the form that editors turn into a link. */
export function formatProblem({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** A text to read and the name under which its problems are reported. */
export type Source = { readonly file: string; readonly text: string };
