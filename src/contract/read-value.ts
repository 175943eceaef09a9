import type { z } from 'zod';

export type ReadValue<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly because: string };

/** Reads a value that did not come as a body by the schema of one, with its words: the first thing that is wrong, and where. */
export function readValue<T extends z.ZodType>(schema: T, value: unknown): ReadValue<z.output<T>> {
  const read = schema.safeParse(value);
  if (read.success) return { ok: true, value: read.data };
  const [first] = read.error.issues;
  const where = first?.path.join('.') ?? '';
  return { ok: false, because: `${where === '' ? '' : `${where}: `}${first?.message ?? 'not valid'}` };
}
