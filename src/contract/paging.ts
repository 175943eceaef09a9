import { z } from 'zod';

/** What pages of a list hold, the newest first: each begins where the one before ended, whatever came since. */
export function pagesOf<Before extends z.ZodType>(before: Before, most: number, usual: number) {
  return {
    before: before.optional().describe('`next` of the page before.'),
    limit: z.coerce.number().int().min(1).max(most).default(usual).describe('How many, the newest first.'),
  };
}

/** `before` of the next page. */
export const next = z.string().nullable().describe('`before` of the next page; `null` if this is the last.');

/** The number of a row, decimal text. */
export const rowNumber = z.string().regex(/^(?:0|[1-9]\d{0,17})$/, { error: 'expected a number' });
