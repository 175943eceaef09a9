import { z } from 'zod';

export const health = z.strictObject({ status: z.literal('ok') });

const part = z.enum(['ok', 'unavailable']);

/** Each part without which nothing can be decided. Why one is unavailable is for the log and `interlock doctor`. */
export const ready = z.strictObject({
  status: part,
  database: part.describe('It answers.'),
  migrations: part.describe('It has the form that this program works with.'),
  ledger: part.describe('It is not frozen by a verification that failed.'),
  policy: part.describe('The one that this server enforces is the one in force.'),
});
export type Ready = z.infer<typeof ready>;
