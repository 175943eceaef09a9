import type { z } from 'zod';

type Schema = z.core.$ZodType;

/**
 * The field that was probably meant by an unknown one: of those that `schema` allows at `path`, the one that differs from
 * `name` by the fewest slips, at most a third of its letters; `null` if none is near.
 */
export function nearestField(schema: Schema, path: readonly PropertyKey[], name: string): string | null {
  const near = fieldsAt(schema, path)
    .map((field) => ({ field, slips: slipsBetween(field.toLowerCase(), name.toLowerCase()) }))
    .filter(({ field, slips }) => slips <= Math.max(1, Math.floor(field.length / 3)))
    .toSorted((a, b) => a.slips - b.slips);
  return near[0]?.field ?? null;
}

/** Every field that `schema` allows at `path`, each once. */
export function fieldsAt(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  return [...new Set(schemasAt([schema], path).flatMap(fieldsOf))];
}

function schemasAt(schemas: readonly Schema[], path: readonly PropertyKey[]): readonly Schema[] {
  const opened = schemas.flatMap(unwrapped);
  const [step, ...rest] = path;
  return step === undefined
    ? opened
    : schemasAt(
        opened.flatMap((schema) => childOf(schema, step)),
        rest,
      );
}

/** Schemas without what makes them optional, gives them a default, or joins them. */
function unwrapped(schema: Schema): readonly Schema[] {
  const { def } = schema as { readonly def?: DefinitionOfSeveral } & Schema;
  const inner = def?.innerType ?? def?.in;
  if (inner) return unwrapped(inner);
  return def?.options ? def.options.flatMap(unwrapped) : [schema];
}

/** The parts of zod's definitions that lead from one schema to others. */
interface DefinitionOfSeveral {
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly options?: readonly Schema[];
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  /** Of a record: its names, where they are of a list. */
  readonly keyType?: Schema;
  readonly entries?: Readonly<Record<string, unknown>>;
}

const definitionOf = (schema: Schema) =>
  (schema as { readonly def?: DefinitionOfSeveral } & Schema).def ?? {};

function childOf(schema: Schema, step: PropertyKey): readonly Schema[] {
  const { element, valueType, shape } = definitionOf(schema);
  if (shape) return Object.entries(shape).flatMap(([field, child]) => (field === step ? [child] : []));
  const child = element ?? valueType;
  return child ? [child] : [];
}

function fieldsOf(schema: Schema): readonly string[] {
  const { shape = {}, keyType } = definitionOf(schema);
  const names = keyType ? (definitionOf(keyType).entries ?? {}) : {};
  return [...Object.keys(shape), ...Object.keys(names)];
}

/** Letters to add, drop, change or swap with their neighbour to make one word of the other. */
function slipsBetween(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swap));
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
