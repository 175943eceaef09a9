import type { ErrorCode } from '../../../src/contract/errors.ts';
import table from '../../../docs/errors.md?raw';

/** What to do about a code, from the table of the documents, which is tested against the codes both ways. */
export function todoOf(code: ErrorCode): string {
  const row = table.split('\n').find((line) => line.startsWith(`| \`${code}\` `));
  const [todo = ''] = row?.split('|').slice(5) ?? [];
  // A link leads to a file beside the document: here its words are enough.
  return todo.trim().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}
