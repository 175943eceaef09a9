import { z } from 'zod';
import { duration } from './duration.ts';

const say = z.string().trim().min(1).describe('What it is, for whoever fills it in.');
const text = z.string().max(200);

/**
 * A pattern in the safe part of regular expressions: characters and classes with repetitions, no groups, and at most three
 * repetitions of open length, so that no value makes it run away.
 */
const SAFE_PATTERN =
  /^(?:(?:\[(?:[^\\[\]]|\\[dw.\-/])+\]|\\[dw.\-/]|[\w:/@=, -])(?:[+*?]|\{\d{1,3}(?:,\d{0,3})?\})?)+$/;

function isSafe(pattern: string): boolean {
  if (!SAFE_PATTERN.test(pattern)) return false;
  const open = pattern.replaceAll(/\[[^\]]*\]/g, 'x').match(/[+*?]|\{\d+,\d*\}/g) ?? [];
  if (open.length > 3) return false;
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').source !== '';
  } catch {
    return false;
  }
}

const pattern = z
  .string()
  .max(200)
  .refine(isSafe, {
    error: 'expected a pattern of characters and classes, such as `[a-z][a-z0-9-]*`, without groups',
  })
  .describe('What the whole value has to match; without one it is letters, digits and `.:/@+=-`.');

/** A parameter of a plan that is used again: its type, and what a value may be. */
export const parameter = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('text'), say, pattern: pattern.optional(), default: text.optional() }),
      z.strictObject({
        type: z.literal('number'),
        say,
        from: z.number().optional(),
        to: z.number().optional(),
        whole: z.boolean().default(true).describe('Whether it has no fraction.'),
        default: z.number().optional(),
      }),
      z.strictObject({
        type: z.literal('choice'),
        say,
        of: z.array(text.min(1)).min(1),
        default: text.optional(),
      }),
      z.strictObject({
        type: z.literal('duration'),
        say,
        from: duration.optional(),
        to: duration.optional(),
        default: text.optional(),
      }),
      z.strictObject({
        type: z.literal('target'),
        say,
        of: text.optional().describe('The type that the target has to be of.'),
        default: text.optional(),
      }),
    ],
    { error: 'expected `type` to be one of text, number, choice, duration, target' },
  )
  .describe('A value that stands for `{name}` in the plan.');
export type Parameter = z.infer<typeof parameter>;

/** `target` and `type` are what a block for many targets stands for. */
const RESERVED: ReadonlySet<string> = new Set(['target', 'type']);

export const parameters = z.record(
  z
    .string()
    .regex(/^[a-z][A-Za-z0-9]{0,39}$/, {
      error: 'expected the name of a parameter, letters and digits such as `newValue`',
    })
    .refine((name) => !RESERVED.has(name), { error: 'expected another name than `target` or `type`' }),
  parameter,
);

/** Values for parameters, by their names. */
export const parameterValues = z.record(z.string(), z.union([text, z.number()]));
export type ParameterValues = z.infer<typeof parameterValues>;

/** A step that is the steps of another plan. */
export const nestedProcedure = z.strictObject({
  name: z.string().trim().min(1).max(60).describe('Stands before the names of its steps and checks.'),
  procedure: z.strictObject({
    path: z.string().trim().min(1).describe('Path of its plan file, relative to this one.'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'expected the SHA-256 of the procedure, 64 hexadecimal digits' })
      .describe('SHA-256 of its plan file as it was reviewed; anything else is not read.'),
    with: parameterValues.default({}).describe('Values for its parameters.'),
  }),
});
