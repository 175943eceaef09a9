import { z } from 'zod';

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as `09:00`' });

/** When a person works, in their own zone. */
export const workday = z
  .strictObject({
    zone: z.string().max(60).describe('Time zone, such as `Europe/Berlin`.'),
    begins: clockTime,
    ends: clockTime,
  })
  .refine(({ begins, ends }) => ends > begins, {
    path: ['ends'],
    error: 'expected `ends` to be after `begins`',
  });
export type Workday = z.infer<typeof workday>;
export const ownWorkday = z.strictObject({
  workday: workday.nullable().describe('`null` where the caller never said.'),
});
