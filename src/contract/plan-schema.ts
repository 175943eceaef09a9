import { z } from 'zod';
import { check, expectation } from './check.ts';
import { duration } from './duration.ts';
import { commandMeasure, postgresMeasure } from './measure-host.ts';
import { alertmanagerMeasure, inventoryMeasure, prometheusMeasure } from './measure-monitoring.ts';
import { dnsMeasure, httpMeasure, tlsMeasure, zoneMeasure } from './measure-network.ts';
import { rollbackStep } from './plan.ts';
import { writtenPlan } from './plan-written.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What stands in many places of a plan, by the name under which the schema defines it once. Larger ones first. */
const NAMED = {
  rollbackStep,
  check,
  prometheusMeasure,
  alertmanagerMeasure,
  inventoryMeasure,
  zoneMeasure,
  dnsMeasure,
  httpMeasure,
  tlsMeasure,
  postgresMeasure,
  commandMeasure,
  expectation,
  duration,
};

/**
 * The JSON Schema of the plan file, for editors: what a person writes, so durations and instants are texts. It is
 * published as `plan.schema.json`. What JSON Schema cannot say (unique names, references) `plan lint` says.
 */
export function planJsonSchema(): Readonly<Record<string, unknown>> {
  const definitions = Object.entries(NAMED).map(([name, schema]) => ({ name, schema: jsonOf(schema) }));
  const known = new Map(definitions.map(({ name, schema }) => [textOf(schema), name]));
  const { $schema, ...plan } = jsonOf(writtenPlan) as { readonly $schema: Json };
  return {
    $schema,
    title: 'Interlock change plan',
    description: 'A plan for a change of production, as `interlock plan lint` reads it.',
    ...(shared(plan, known) as object),
    $defs: Object.fromEntries(
      definitions.map(({ name, schema }) => [name, parts(withoutDialect(schema), known)]),
    ),
  };
}

const jsonOf = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input' }) as Json;

/** The schema with a reference wherever a known one stands; what is said of that place alone stays beside it. */
function shared(schema: Json, known: ReadonlyMap<string, string>): Json {
  const name = known.get(textOf(schema));
  if (name === undefined) return parts(schema, known);
  const said = Object.entries(schema as object).filter(([key]) => SAID_OF_PLACE.has(key));
  return { $ref: `#/$defs/${name}`, ...Object.fromEntries(said) };
}

function parts(schema: Json, known: ReadonlyMap<string, string>): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => shared(item, known));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, item]) => [key, shared(item, known)]));
}

const SAID_OF_PLACE = new Set(['description', 'default']);

const withoutDialect = (schema: Json): Json =>
  Object.fromEntries(Object.entries(schema as object).filter(([key]) => key !== '$schema'));

/** What makes two schemas the same, whatever is said of their places and in whatever order. */
function textOf(schema: Json): string {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return '';
  const kept = Object.entries(schema).filter(([key]) => key !== '$schema' && !SAID_OF_PLACE.has(key));
  return JSON.stringify(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
