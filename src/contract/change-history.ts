import { z } from 'zod';
import { PARTS } from '../kernel/change/part.ts';
import { changeId, finding } from './changes.ts';
import { entryQuery, ledgerEntry } from './ledger.ts';
import { wordDifference } from './word-fates.ts';

const time = z.iso.datetime();
const ledgerIndex = z.string().regex(/^(?:0|[1-9]\d*)$/);

export const historyQuery = entryQuery
  .pick({ from: true })
  .extend({ limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many at most.') });
export type HistoryQuery = z.infer<typeof historyQuery>;

/** One entry of the ledger as the history of a request shows it. */
export const historyEntry = ledgerEntry
  .pick({ type: true, object: true, action: true, outcome: true, reason: true, source: true })
  .extend({
    index: ledgerIndex.describe('Where the entry stands in the ledger.'),
    at: z.iso.datetime({ precision: 6 }).describe('When it was recorded.'),
    actor: z.string().describe('Who acted, as the issuer names them.'),
    said: z.string().nullable().describe('What whoever acted wrote of it: why they cancelled or rejected.'),
    capacity: z.string().nullable().describe('The role in which they acted.'),
  });
export type HistoryEntry = z.infer<typeof historyEntry>;

export const history = z
  .strictObject({
    entries: z.array(historyEntry),
    next: ledgerIndex.nullable().describe('`from` of the next page, `null` if this is the last.'),
  })
  .describe('Every entry about a request, its runs, its vetoes and its tasks, refusals included, in order.')
  .meta({ id: 'ChangeHistory' });
export type History = z.infer<typeof history>;

const number = z.coerce.number().int().min(1).max(2_147_483_647);

export const revisionQuery = z.strictObject({
  before: number.optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many, the newest first.'),
});
export type RevisionQuery = z.infer<typeof revisionQuery>;

export const revisionSummary = z.strictObject({
  revision: z.number().int(),
  by: z.string(),
  at: time,
  digest: z.string(),
  changed: z
    .array(z.enum(PARTS))
    .nullable()
    .describe('The parts that differ from the revision before; `null` of the first.'),
});
export const revisionPage = z.strictObject({
  revisions: z.array(revisionSummary),
  next: z.number().int().nullable().describe('`before` of the next page, `null` if this is the last.'),
});
export type RevisionPage = z.infer<typeof revisionPage>;

export const revisionView = revisionSummary
  .omit({ changed: true })
  .extend({
    planFile: z.string(),
    planText: z.string(),
    scripts: z.record(z.string(), z.string()).describe('Text of each script by its path.'),
    findings: z.array(finding).describe('What the linter found in it when it came.'),
  })
  .meta({ id: 'Revision' });
export type RevisionView = z.infer<typeof revisionView>;

export const revisionDifference = z
  .strictObject({
    from: z.number().int(),
    to: z.number().int(),
    parts: z.array(z.enum(PARTS)).describe('The parts that differ.'),
    differences: wordDifference.shape.differences.describe('The fields of those parts that differ.'),
    files: z
      .array(
        z.strictObject({
          path: z.string().describe('The plan file or a script.'),
          text: z.string().describe('Hunks as `diff -u` writes them.'),
          cut: z.boolean().describe('Whether it is longer than this.'),
        }),
      )
      .describe('The plan file and the scripts whose text differs, cosmetic edits included.'),
  })
  .meta({ id: 'RevisionDifference' });
export type RevisionDifference = z.infer<typeof revisionDifference>;

const id = { id: changeId };
export const revisionPath = z.strictObject({ ...id, revision: number });
export const differencePath = z.strictObject({ ...id, a: number, b: number });
