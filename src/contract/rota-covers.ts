import { z } from 'zod';
import { instant } from './instant.ts';
import { accountName, rotaName } from './people.ts';

const time = z.iso.datetime();

/** Somebody who covers a part of a rota, whatever is planned there. */
export const newCover = z
  .strictObject({
    rota: rotaName,
    person: accountName.describe('Who answers in this time.'),
    start: instant,
    end: instant,
  })
  .refine(({ start, end }) => end > start, { path: ['end'], error: 'expected `end` to be after `start`' });
export type NewCover = z.infer<typeof newCover>;

export const cover = z
  .strictObject({
    id: z.string(),
    rota: rotaName,
    person: z.string(),
    start: time,
    end: time,
    setBy: z.string(),
    setAt: time,
  })
  .meta({ id: 'RotaCover' });
export type Cover = z.infer<typeof cover>;
export const covers = z.strictObject({ covers: z.array(cover) });
export const coverPath = z.strictObject({
  cover: z.string().regex(/^[1-9]\d{0,17}$/, { error: 'expected the number of an override' }),
});

/** The rest of one's own shift, offered to somebody. */
export const newHandOver = z.strictObject({
  rota: rotaName,
  to: accountName.describe('Who is asked to take the rest of the shift.'),
});
export type NewHandOver = z.infer<typeof newHandOver>;

export const handOver = z
  .strictObject({
    id: z.string(),
    rota: rotaName,
    giver: z.string(),
    receiver: z.string(),
    until: time.describe('When the shift ends.'),
    offeredAt: time,
    answeredAt: time.nullable(),
    answer: z.enum(['accepted', 'declined', 'withdrawn']).nullable(),
  })
  .meta({ id: 'HandOver' });
export type HandOver = z.infer<typeof handOver>;
export const handOvers = z.strictObject({ handOvers: z.array(handOver) });
export const handOverPath = z.strictObject({
  id: z.string().regex(/^HAND-[1-9]\d{0,17}$/, { error: 'expected a hand-over such as `HAND-3`' }),
});

/** Who is, or was, on duty at an instant. */
export const dutyQuery = z.strictObject({
  instant: instant.optional().describe('Now, without it.'),
});
export const duty = z.strictObject({
  instant: time,
  onDuty: z.partialRecord(rotaName, z.string()).describe('Absent: nobody.'),
});
export type Duty = z.infer<typeof duty>;
