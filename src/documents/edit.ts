import { parseDocument } from 'yaml';

/** A value to be written, and where. */
export interface Setting {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The text of one document with some values in it written anew; comments and everything else in it stay. */
export function withSettings(text: string, settings: readonly Setting[]): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core', merge: true });
  for (const { path, value } of settings) document.setIn(path, document.createNode(value));
  if (!text.trimStart().startsWith('{')) return document.toString({ lineWidth: 0 });
  return `${JSON.stringify(document.toJS(), null, 2)}\n`;
}
