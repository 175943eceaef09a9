/**
 * Something about the data folder, the machine or the binaries that a person can put right.
 * The message is one line, names what was expected and what was got, and is meant to be shown without a stack.
 */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

/** The operating system's code of an error (`EACCES`), or undefined where it has none. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
