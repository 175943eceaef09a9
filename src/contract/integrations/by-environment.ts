import { z } from 'zod';

/** One place of a tracker for all, or places of their own for some environments. */
export type ByEnvironment =
  string | { readonly default: string; readonly environments: Readonly<Record<string, string>> };

/** `what` is what one place is, for people. */
export function byEnvironment(
  what: string,
  pattern: RegExp,
  longest: number,
): z.ZodUnion<
  [
    z.ZodString,
    z.ZodObject<
      { default: z.ZodString; environments: z.ZodRecord<z.ZodString, z.ZodString> },
      z.core.$strict
    >,
  ]
> {
  const place = z
    .string()
    .max(longest)
    .regex(pattern, { error: `expected ${what}` });
  const places = z.strictObject({
    default: place.describe('Of every environment that is not named.'),
    environments: z
      .record(z.string().min(1).max(200), place)
      .describe('By an environment of the policy: where its requests have their issues.'),
  });
  const error = `expected ${what}, or such by environment, \`{ default: …, environments: { NAME: … } }\``;
  return z.union([place, places], { error });
}
