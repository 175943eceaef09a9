import { z } from 'zod';
import { instant } from './instant.ts';
import { accountName, rotaName } from './people.ts';

/** One person on call, from `start` until just before `end`. */
export const newShift = z
  .strictObject({ person: accountName, start: instant, end: instant })
  .refine((shift) => shift.end > shift.start, {
    path: ['end'],
    error: 'expected `end` to be after `start`',
  });
export type NewShift = z.infer<typeof newShift>;

const MAX_SHIFTS = 2_000;
const shifts = z.array(newShift).max(MAX_SHIFTS);

/**
 * A rota file: for each rota it names, everybody on call from now on. What lies before now is not touched by it; a rota it does
 * not name stays as it is.
 */
export const rotaFile = z
  .strictObject({ eoc: shifts.optional(), imoc: shifts.optional(), cmoc: shifts.optional() })
  .refine((value) => Object.keys(value).length > 0, { error: 'expected one of `eoc`, `imoc`, `cmoc`' });
export type RotaFile = z.infer<typeof rotaFile>;

export const shift = z.strictObject({
  rota: rotaName,
  person: z.string(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
});
export type Shift = z.infer<typeof shift>;

const gap = z.strictObject({ rota: rotaName, start: z.iso.datetime(), end: z.iso.datetime() });
export type RotaGap = z.infer<typeof gap>;

/** The rotas of a stretch of time. */
export const rota = z
  .strictObject({
    at: z.iso.datetime().describe("The database's clock at the answer."),
    version: z.string().describe('Moves with everything that is written of a rota, and with nothing else.'),
    onDuty: z.partialRecord(rotaName, z.string()).describe('Who is on duty now; absent: nobody.'),
    shifts: z.array(shift),
    gaps: z
      .array(gap)
      .describe(
        'Where nobody is on call, of each rota that has a shift at all; rules that need it say unknown.',
      ),
  })
  .meta({ id: 'Rota' });
export type Rota = z.infer<typeof rota>;

export const rotaQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(366).default(14).describe('How far from now, in days.'),
});
