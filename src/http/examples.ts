import { FIELD_EXAMPLES, FORM_EXAMPLES } from '../contract/examples.ts';

/** The part of JSON Schema that the contract's schemas come to. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Where references lead, and whether what may be left out is shown too: it is in an answer, not in a request. */
export interface Showing {
  readonly components: Readonly<Record<string, Schema>>;
  readonly whole: boolean;
  /** What a value is a field of, such as `lock`: its `id` is another than that of a run. */
  readonly within: string;
}

/** What a value of this schema is like: by the names of its fields where they say more than their forms. */
export function exampleOf(schema: Schema, name: string, showing: Showing): unknown {
  const { $ref, anyOf, oneOf } = schema;
  if ($ref !== undefined) {
    const id = $ref.split('/').at(-1) ?? '';
    const named = id.replace(/Input$/, '').replace(/^./, (letter) => letter.toLowerCase());
    return exampleOf(showing.components[id] ?? {}, named, showing);
  }
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if ('const' in schema) return schema.const;
  const options = anyOf ?? oneOf;
  const fields = [`${showing.within}.${name}`, name].flatMap((field) => FIELD_EXAMPLES[field] ?? []);
  const known = fields.find((value) => (options ?? [schema]).some((option) => fits(option, value)));
  if (known !== undefined) return known;
  if (options) {
    const said = options.find((option) => option.type !== 'null') ?? options[0] ?? {};
    return exampleOf(said, name, showing);
  }
  if (schema.enum) return schema.enum[0];
  return byType(schema, name, showing);
}

function byType(schema: Schema, name: string, showing: Showing): unknown {
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return objectOf(schema, name, showing);
    case 'array':
      return schema.items ? [exampleOf(schema.items, singular(name), showing)] : [];
    case 'integer':
    case 'number':
      return Math.min(Math.max(schema.minimum ?? 0, 3), schema.maximum ?? Infinity);
    case 'boolean':
      return schema.default ?? true;
    case 'string':
      return textOf(schema, name);
    default:
      return schema.default ?? null;
  }
}

function objectOf(schema: Schema, name: string, showing: Showing): Record<string, unknown> {
  const { properties = {}, required = [], additionalProperties: more, propertyNames } = schema;
  const shown = Object.entries(properties).filter(([key]) => showing.whole || required.includes(key));
  const values = shown.map(
    ([key, value]) => [key, exampleOf(value, key, { ...showing, within: name })] as const,
  );
  if (typeof more !== 'object' || Object.keys(properties).length > 0) return Object.fromEntries(values);
  const keys = propertyNames?.enum ?? [
    KEYS[name] ?? (propertyNames ? exampleOf(propertyNames, 'text', showing) : 'db-01'),
  ];
  return Object.fromEntries(keys.map((key) => [String(key), exampleOf(more, singular(name), showing)]));
}

/** What is listed by names that its schema leaves open. */
const KEYS: Readonly<Record<string, string>> = { scripts: 'set-work-mem.sh', parts: 'steps' };

const INSTANTS = ['2026-11-17T22:00:00.000Z', '2026-11-17T22:00:00.000000Z'];

function textOf(schema: Schema, name: string): string {
  if (schema.format === 'date-time') return INSTANTS.find((one) => fits(schema, one)) ?? '';
  if (/[a-z]By$/.test(name) && schema.pattern === undefined) return 'rhea';
  if (schema.format === 'date') return '2026-11-17';
  if (schema.format === 'uri') return 'https://bridge.example.com/hook';
  const formed = schema.pattern === undefined ? undefined : FORM_EXAMPLES.find((one) => fits(schema, one));
  if (typeof formed === 'string') return formed;
  const text = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.padEnd(schema.minLength ?? 0, '.').slice(0, schema.maxLength);
}

function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/s$/, '');
}

/** Whether a value that is known has the form that a schema asks for. */
function fits(schema: Schema, value: unknown): boolean {
  if (schema.enum) return schema.enum.includes(value);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return typeof value === 'string' && fitsText(schema, value);
    case 'integer':
    case 'number':
      return (
        typeof value === 'number' &&
        value >= (schema.minimum ?? -Infinity) &&
        value <= (schema.maximum ?? Infinity)
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      return (
        Array.isArray(value) && value.every((one) => schema.items !== undefined && fits(schema.items, one))
      );
    default:
      return false;
  }
}

function fitsText({ pattern, format, minLength = 0, maxLength = Infinity }: Schema, value: string): boolean {
  if (value.length < minLength || value.length > maxLength) return false;
  if (format === 'date-time' && Number.isNaN(Date.parse(value))) return false;
  if (format === 'date') return false;
  return pattern === undefined || new RegExp(pattern, 'u').test(value);
}
