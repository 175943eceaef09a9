import { z } from 'zod';

const epoch = z.number().int().min(1).max(2_147_483_647);
const offset = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The most that a runner hands in at once of what its terminal showed a moment ago. */
export const TERMINAL_PART_BYTES = 512 * 1_024;

/** Of which runner what it hands in is, and from which byte of its recording on. */
export const terminalPart = z.strictObject({
  epoch: z.coerce.number().pipe(epoch),
  from: z.coerce.number().pipe(offset),
});

/** Which terminal to read, and from where. */
export const terminalQuery = z
  .strictObject({
    epoch: z.coerce.number().pipe(epoch).optional().describe('Of which runner; the newest without it.'),
    from: z.coerce
      .number()
      .pipe(offset)
      .optional()
      .describe('From which byte on: the `next` of the page before.'),
    at: z.iso
      .datetime()
      .optional()
      .describe('From the part of the recording on that was under way then, in place of `from`.'),
  })
  .refine(({ from, at }) => from === undefined || at === undefined, {
    error: 'expected `from` or `at`, got both',
  });
export type TerminalQuery = z.infer<typeof terminalQuery>;

/** A page of the terminal of a run, as asciicast lines. */
export const terminalPage = z
  .strictObject({
    epoch: epoch.describe('Of which runner.'),
    newest: epoch.describe('The newest runner whose terminal is known.'),
    from: offset.describe('From which byte on, counted from the begin of its recording.'),
    next: offset.describe('Where the next page begins; the same byte in every server.'),
    end: offset.describe('How far anything is known by now.'),
    endAt: z.iso.datetime().nullable().describe('When the last of that came in.'),
    ended: z
      .boolean()
      .describe('Whether the run is over: what is missing then comes no more, or within a minute.'),
    header: z
      .string()
      .nullable()
      .describe('The first line of the recording, where `epoch` was left out and the page begins behind it.'),
    text: z.string().describe('Whole lines of an asciicast; the first of it, at byte 0, is its header.'),
  })
  .meta({ id: 'TerminalPage' });
export type TerminalPage = z.infer<typeof terminalPage>;
