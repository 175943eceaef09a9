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

/** A length of time as a person reads it: the largest unit that leaves a whole number, such as `90 s` or `2 h`. */
export function durationText(ms: number): string {
  const units = Object.entries(MS_PER_UNIT).toReversed();
  const [unit, size] = units.find(([, length]) => ms !== 0 && ms % length === 0) ?? ['s', MS_PER_UNIT.s];
  return `${ms / size} ${unit}`;
}

const WANTED = 'expected a duration with its unit (ms, s, min, h or d), such as `30 s`, `5 min` or `2 h`';

/** A duration as people write it, with its unit, read into milliseconds. */
export const duration = z
  .string({ error: WANTED })
  .refine((text) => durationMs(text) !== null, {
    error: ({ input }) => `${WANTED}, got \`${String(input)}\``,
  })
  .transform((text) => durationMs(text) as number)
  .meta({
    description: 'A duration with its unit: ms, s, min, h or d, such as `90 s`.',
    pattern: DURATION.source,
  });
