/** A JSON Schema, as far as a completion looks at it. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** A name of a field that may stand at a place. */
export interface FieldOffer {
  readonly name: string;
  readonly says: string | undefined;
  readonly required: boolean;
  /** What its value begins with: fields of its own, items, or a word. */
  readonly holds: 'fields' | 'items' | 'word';
}

/** A word that may stand at a place. */
export interface ValueOffer {
  readonly value: string;
  readonly says: string | undefined;
}

/** The fields that a mapping at a path may have, those that it must have first. */
export function fieldsAt(root: Schema, path: readonly string[]): readonly FieldOffer[] {
  const offers = new Map<string, FieldOffer>();
  for (const schema of schemasAt(root, path)) {
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const required = schema.required?.includes(name) === true;
      const [first] = variantsOf(root, field);
      const says = field.description ?? first?.description;
      if (!offers.has(name)) offers.set(name, { name, says, required, holds: holdsOf(root, field) });
    }
  }
  return [...offers.values()];
}

/** The words that a value at a path may be; none where it is free. */
export function valuesAt(root: Schema, path: readonly string[]): readonly ValueOffer[] {
  const found = schemasAt(root, path).flatMap((schema) => {
    const { enum: words = [], type, description } = schema;
    const fixed = schema.const === undefined ? words : [schema.const];
    const all = type === 'boolean' ? [true, false] : type === 'null' ? [null] : fixed;
    return all.map((value) => ({ value: String(value), says: description }));
  });
  return [...new Map(found.map((offer) => [offer.value, offer])).values()];
}

/** What stands at a path, in words; of a field of several forms the first that says something. */
export function saysAt(root: Schema, path: readonly string[]): string | undefined {
  return schemasAt(root, path).find(({ description }) => description !== undefined)?.description;
}

function schemasAt(root: Schema, path: readonly string[]): readonly Schema[] {
  let at = variantsOf(root, root);
  for (const part of path) {
    at = at.flatMap((schema) => {
      const inner = part === '[]' ? schema.items : (schema.properties?.[part] ?? others(schema));
      return inner ? variantsOf(root, inner) : [];
    });
  }
  return at;
}

const others = ({ additionalProperties }: Schema) =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

/** Every form that a schema allows, references followed. */
function variantsOf(root: Schema, schema: Schema, depth = 0): readonly Schema[] {
  if (depth > 6) return [];
  const { $ref, anyOf = [], oneOf = [], allOf = [] } = schema;
  const named = $ref?.startsWith('#/$defs/') ? root.$defs?.[$ref.slice('#/$defs/'.length)] : undefined;
  const inner = [...(named ? [named] : []), ...anyOf, ...oneOf, ...allOf];
  return [schema, ...inner.flatMap((one) => variantsOf(root, one, depth + 1))];
}

function holdsOf(root: Schema, field: Schema): FieldOffer['holds'] {
  const variants = variantsOf(root, field);
  if (variants.some(({ type }) => type === 'string' || type === 'number' || type === 'integer'))
    return 'word';
  if (variants.some(({ type }) => type === 'array')) return 'items';
  return variants.some(({ properties, type }) => properties !== undefined || type === 'object')
    ? 'fields'
    : 'word';
}
