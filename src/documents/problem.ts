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

/** A text to read and the name under which its problems are reported; `secret` where a text of the wrong kind is not repeated in them. */
export type Source = { readonly file: string; readonly text: string; readonly secret?: boolean };

/** The place and the message of a problem in that form, of a file that is known. */
export function placeOfProblem(text: string, file: string): Omit<Problem, 'file'> {
  const [, line, column, message] = /^:(\d+):(\d+): ([^]*)$/.exec(text.slice(file.length)) ?? [];
  if (line === undefined || column === undefined || message === undefined) {
    throw new Error(`expected \`file:line:column: message\`, got \`${text}\``);
  }
  return { line: Number(line), column: Number(column), message };
}
