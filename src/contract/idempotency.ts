import { z } from 'zod';

/** Bears one intention of a client through however many attempts it takes. */
export const idempotencyKey = z
  .string()
  .regex(/^[\w.:-]{8,120}$/, { error: 'expected 8 to 120 letters, digits and `_.:-`' })
  .optional()
  .describe('Made by the client for one intention; the same key gets the same answer.');
