import { z } from 'zod';

/** For how many days an answer is kept for whoever sends the same again. */
export const KEPT_DAYS = 7;

/** Bears one intention of a client through however many attempts it takes. */
export const idempotencyKey = z
  .string()
  .regex(/^[\w.:-]{8,120}$/, { error: 'expected 8 to 120 letters, digits and `_.:-`' });
