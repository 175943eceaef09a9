import { z } from 'zod';

const MS_PER_UNIT = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/;

/** Milliseconds of a written duration (`30 s`, `5 min`, `1.5 h`), or `null` if it is none. The unit is never guessed. */
export function durationMs(text: string): number | null {
  const match = DURATION.exec(text);
  if (!match) return null;
  const ms = Number(match[1]) * MS_PER_UNIT[match[2] as keyof typeof MS_PER_UNIT];
  return Number.isSafeInteger(ms) ? ms : null;
}

/** A duration as people write it, with its unit, read into milliseconds. */
export const duration = z
  .string()
  .refine((text) => durationMs(text) !== null, {
    error: (issue) =>
      `expected a duration such as \`30 s\`, \`5 min\` or \`2 h\`, got \`${String(issue.input)}\``,
  })
  .transform((text) => durationMs(text) as number)
  .describe('A duration with its unit: ms, s, min, h or d, such as `90 s`.');
