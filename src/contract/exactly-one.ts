/** A refinement for mappings that choose: of `fields` exactly one is there. What was there is told. */
export function exactlyOneOf<Field extends string>(fields: readonly Field[]) {
  const present = (value: Partial<Record<Field, unknown>>) =>
    fields.filter((field) => value[field] !== undefined);
  return {
    /** The same for a JSON Schema. */
    jsonSchema: { oneOf: fields.map((field) => ({ required: [field] })) },
    exactlyOne: (value: Partial<Record<Field, unknown>>): boolean => present(value).length === 1,
    otherwise: {
      error: ({ input }: { readonly input?: unknown }) => {
        const got = present(input as Partial<Record<Field, unknown>>);
        return `expected exactly one of ${named(fields)}, got ${got.length === 0 ? 'none' : named(got)}`;
      },
    },
  };
}

/** The fields of a mapping as they are shown in a sentence. */
export function fieldsText(input: unknown): string {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return 'no mapping';
  const fields = Object.keys(input);
  return fields.length === 0 ? 'an empty mapping' : named(fields);
}

const named = (fields: readonly string[]) => fields.map((field) => `\`${field}\``).join(', ');
