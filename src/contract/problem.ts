import type { z } from 'zod';
import { fieldsAt, nearestField } from './nearest-field.ts';

/** Something that is wrong with a value, and where in it. */
export type ContractProblem = { readonly path: readonly PropertyKey[]; readonly message: string };

/**
 * What zod found wrong, in the words of the house: what was expected, what was got. Parse with `reportInput: true`,
 * or the values got cannot be named. With the schema, the message for an unknown field names a near one. Where any text may be a
 * secret, none that was got is repeated.
 */
export function problemsOf(
  error: z.ZodError,
  schema?: z.core.$ZodType,
  { texts = 'repeated' }: { readonly texts?: 'repeated' | 'secret' } = {},
): ContractProblem[] {
  // Of what is of another type zod says its length too.
  const otherType = error.issues.filter(({ code }) => code === 'invalid_type').map(placeOf);
  return error.issues
    .filter((issue) => !SIZES.includes(issue.code) || !otherType.includes(placeOf(issue)))
    .flatMap((issue) =>
      problemsOfIssue(issue, schema, texts === 'secret' && typeof issue.input === 'string'),
    );
}

const SIZES: readonly string[] = ['too_small', 'too_big'];
const placeOf = ({ path }: z.core.$ZodIssue) => JSON.stringify(path.map(String));

function problemsOfIssue(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType | undefined,
  unsaid: boolean,
): ContractProblem[] {
  const { path } = issue;
  const got = unsaid ? 'got another text' : `got \`${shown(issue.input)}\``;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `expected no field \`${key}\` here${suggestion(schema, path, key)}`,
      }));
    case 'invalid_type':
      return [{ path, message: ofOtherType(issue, unsaid) }];
    case 'invalid_value':
      return [
        { path, message: `expected ${oneOf(issue.values)}, ${absent(issue.input) ? 'got nothing' : got}` },
      ];
    case 'too_small':
      return [
        { path, message: `expected ${size(issue.origin)} of at least ${String(issue.minimum)}, ${got}` },
      ];
    case 'too_big':
      return [
        { path, message: `expected ${size(issue.origin)} of at most ${String(issue.maximum)}, ${got}` },
      ];
    case 'invalid_format':
      return [
        {
          path,
          message: `${issue.message.startsWith('expected') ? issue.message : `expected ${issue.format}`}, ${got}`,
        },
      ];
    case 'invalid_key':
      return [{ path, message: `expected another key here, got \`${String(path.at(-1))}\`` }];
    case 'invalid_union':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return [{ path, message: issue.message }];
    default:
      return [{ path, message: 'expected another value here' }];
  }
}

function ofOtherType(issue: z.core.$ZodIssueInvalidType, unsaid: boolean): string {
  if (absent(issue.input)) return missing(issue);
  return `${wanted(issue)}, ${unsaid ? 'got a text' : gotInstead(issue)}`;
}

const PARTS = ['object', 'record', 'array'];

/** A text in the place of a mapping or a list may be a secret, or an address that is one: it is not repeated. */
function gotInstead({ input, expected }: z.core.$ZodIssueInvalidType): string {
  return typeof input === 'string' && PARTS.includes(expected) ? 'got a text' : `got \`${shown(input)}\``;
}

function absent(input: unknown): boolean {
  return input === undefined;
}

function missing(issue: z.core.$ZodIssueInvalidType): string {
  const field = issue.path.at(-1);
  return field === undefined
    ? `${wanted(issue)}, got nothing`
    : `${wanted(issue)} as \`${String(field)}\`, which is missing`;
}

/** In the schema's own words, if it has any. */
function wanted(issue: z.core.$ZodIssueInvalidType): string {
  return issue.message.startsWith('expected') ? issue.message : `expected ${typeName(issue.expected)}`;
}

function suggestion(schema: z.core.$ZodType | undefined, path: readonly PropertyKey[], key: string): string {
  const near = schema ? nearestField(schema, path, key) : null;
  if (near !== null) return `; did you mean \`${near}\`?`;
  const allowed = schema ? fieldsAt(schema, path) : [];
  return allowed.length === 0 || allowed.length > MOST_FIELDS
    ? ''
    : `; there is ${allowed.map((field) => `\`${field}\``).join(', ')}`;
}

/** More than these are looked up in the schema. */
const MOST_FIELDS = 8;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function typeName(expected: string): string {
  return TYPE_NAMES[expected] ?? expected;
}

function size(origin: string): string {
  if (origin === 'string') return 'a text with a length';
  return origin === 'array' ? 'a list with a length' : 'a number';
}

function oneOf(values: readonly unknown[]): string {
  const names = values.map((value) => `\`${String(value)}\``);
  if (names.length > 12) return 'a known name';
  return names.length === 1 ? String(names[0]) : `one of ${names.join(', ')}`;
}

/** A value short enough for one line. */
function shown(value: unknown): string {
  if (typeof value === 'string') return cut(value.replaceAll(/\s+/g, ' '));
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'a mapping' : typeof value;
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
