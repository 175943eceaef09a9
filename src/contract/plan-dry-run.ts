import { z } from 'zod';
import type { MayDiffer, Tolerance } from '../kernel/verify/dry-run-output.ts';

const because = z.string().trim().min(1).max(1_000).describe('Why a difference there means nothing.');
const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})? ?%$/, { error: 'expected a share such as `5 %`, or a number' })
  .transform((text): Tolerance => ({ share: Number.parseFloat(text) / 100 }));
const by = z
  .number()
  .min(0)
  .transform((number): Tolerance => ({ by: number }));

const within = z
  .union([by, percent])
  .describe('How far the number may lie from the reviewed one: a number, or a share of it such as `5 %`.');

/** One thing that may differ when a dry run is repeated. Without any, the outputs are compared byte for byte. */
export const mayDiffer = z.union(
  [
    z.strictObject({ instants: z.literal(true), because }),
    z.strictObject({ uuids: z.literal(true), because }),
    z.strictObject({
      numberAfter: z
        .string()
        .min(1)
        .max(200)
        .refine((text) => !text.includes('\n'), { error: 'expected a text of one line' })
        .describe('The text right before the number, as it is printed.'),
      within,
      because,
    }),
  ],
  { error: 'expected `instants: true`, `uuids: true`, or `numberAfter` with `within`; each with `because`' },
);
type DeclaredDifference = z.infer<typeof mayDiffer>;

/** What a plan declares, as the comparison reads it. */
export function mayDifferOf(declared: readonly DeclaredDifference[] = []): readonly MayDiffer[] {
  return declared.map((one): MayDiffer => {
    if ('numberAfter' in one) return { kind: 'number', after: one.numberAfter, within: one.within };
    return { kind: 'instants' in one ? 'instants' : 'uuids' };
  });
}
