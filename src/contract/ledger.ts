import { z } from 'zod';
import { instant } from './instant.ts';

/** The largest entry, in bytes of its canonical JSON: what a length of two bytes in an entry bundle can say. */
export const MAX_ENTRY_BYTES = 65_535;

// A NUL is good JSON, and yet no PostgreSQL can look into a document that has one.
const text = z
  .string()
  .refine(
    (value) => value.isWellFormed() && !value.includes('\0'),
    'expected text without NUL and lone surrogates',
  );
const token = text.regex(
  /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/,
  'expected lower-case words joined by `.` or `-`',
);
const digest = text.regex(/^sha256:[0-9a-f]{64}$/, 'expected `sha256:` and 64 hexadecimal digits');

export const OUTCOMES = ['allow', 'deny', 'error'] as const;

/** Who acted: known by issuer and subject, never by e-mail. */
export const ledgerActor = z
  .strictObject({
    issuer: text.min(1).max(300).describe('Who vouches for the subject; `interlock` for the program itself.'),
    subject: text
      .min(1)
      .max(300)
      .describe('The person, service account or part of the program, as the issuer names it.'),
    capacity: text
      .max(300)
      .nullable()
      .describe('The role in which they acted at that instant, such as `reviewer` or `eoc`.'),
    session: text.max(300).nullable().describe('The session or the token by its id, never the secret.'),
  })
  .describe('Who acted.');

const draftShape = {
  type: token.max(100).describe('What kind of record it is, such as `decision` or `change.approved`.'),
  actor: ledgerActor,
  source: text
    .min(1)
    .max(300)
    .describe('The door it came through, such as `api`, `web`, `runner`, `scheduler`.'),
  object: text
    .regex(/^[a-z][a-z-]*\/./, 'expected `kind/id`')
    .max(300)
    .describe('What it is about, as `kind/id`: `change/CHG-12`, `bastion/b1`.'),
  action: token.max(100).describe('What was asked or done, such as `start`, `step`, `approve`.'),
  outcome: z.enum(OUTCOMES).describe('Whether it was allowed and done, refused, or failed.'),
  reason: text
    .max(8_000)
    .describe('Why, in one line; for a refusal the rules that refuse. No free text of a person.'),
  before: digest
    .nullable()
    .describe('Digest of the object before, `null` if it did not exist or does not matter.'),
  after: digest.nullable().describe('Digest of the object after.'),
  policy: digest.nullable().describe('Digest of the policy that decided.'),
  request: text.max(300).nullable().describe('The request id that also stands in the logs.'),
  digests: z
    .record(token, digest)
    .optional()
    .describe(
      'What else is bound by its digest: `facts`, `plan`, `proof`, `output`; salted, of free text that lies beside.',
    ),
  details: z
    .record(token, z.union([text.max(2_000), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('A few plain values a reader wants to see, such as the step and its epoch.'),
} as const;

/** An entry as the program hands it over; the store adds version and time. */
export const ledgerDraft = z.strictObject(draftShape);

/** An entry of the ledger, as every reader finds it. */
export const ledgerEntry = z
  .strictObject({
    version: z.literal(1).describe('Version of this schema.'),
    time: z.iso
      .datetime({ precision: 6 })
      .describe("The database's clock at the append, UTC, in microseconds."),
    ...draftShape,
  })
  .describe('One leaf of the ledger: a decision or a transition, refusals included.');

export type LedgerActor = z.infer<typeof ledgerActor>;
export type LedgerDraft = z.infer<typeof ledgerDraft>;
export type LedgerEntry = z.infer<typeof ledgerEntry>;

/** What can be wrong with a ledger, by code. */
export const LEDGER_FAULTS = {
  'entry-missing': 'An index below the newest has no entry.',
  'entry-altered': 'The bytes of an entry do not give its leaf hash.',
  'column-altered': 'What an entry is found by, beside it, is not what the entry says.',
  'node-wrong': 'A stored subtree hash is not the one of the entries below it.',
  'head-missing': 'The row that holds size and peaks is gone.',
  'head-size': 'The head counts more or fewer entries than there are.',
  'head-root': 'The head does not have the root of the entries.',
  'checkpoint-invalid': 'A stored checkpoint is not signed by the key of the log, or is no checkpoint.',
  'checkpoint-ahead': 'A checkpoint was signed for more entries than there are: the tail was cut.',
  'checkpoint-root': 'A checkpoint was signed for other entries than the ones that stand here.',
  'anchor-invalid': 'The checkpoint kept outside the database is not signed by the key of the log.',
  'anchor-ahead': 'The checkpoint kept outside the database was signed for more entries than there are.',
  'anchor-root': 'The checkpoint kept outside the database was signed for other entries.',
  'change-missing': 'A request that was opened is gone from the database.',
  'change-unrecorded': 'A request stands in the database that the ledger does not know.',
  'proof-altered': 'What is kept of a proof of monitoring is not what a decision rested on.',
  'proof-missing': 'A proof of monitoring that a decision rested on is gone from the database.',
  'witness-ahead': 'A witness cosigned more entries than there are.',
  'witness-fork': 'A witness was shown other entries than the ones that stand here.',
  'anchor-missing': 'Checkpoints were signed, and the one that is kept outside the database is gone.',
} as const;

export type LedgerFaultCode = keyof typeof LEDGER_FAULTS;

const index = z.string().regex(/^(?:0|[1-9][0-9]*)$/);

/** One thing that is wrong, and where: from the first index it may concern to the last. */
export const ledgerFault = z.strictObject({
  code: z.enum(Object.keys(LEDGER_FAULTS) as [LedgerFaultCode, ...LedgerFaultCode[]]),
  first: index
    .nullable()
    .describe('The first index that is concerned, or `null` if it is none of the entries.'),
  last: index.nullable().describe('The last index that is concerned.'),
  message: z.string().describe('What was expected and what was got, in one line.'),
});

/** What a verification found. Indexes and sizes are decimal text, for they go past 2^53. */
export const ledgerVerdict = z
  .strictObject({
    sound: z.boolean().describe('Whether nothing is wrong.'),
    whole: z.boolean().describe('Whether every entry was read, or only the head and the newest ones.'),
    size: index.describe('How many entries there are.'),
    root: z.string().nullable().describe('Root of the entries in base64, `null` if it cannot be told.'),
    checkpoints: z.number().int().describe('How many checkpoints were compared with the entries.'),
    anchored: index
      .nullable()
      .describe('Size of the checkpoint outside the database, `null` if none was signed yet.'),
    faults: z.array(ledgerFault).describe('What is wrong, at most a hundred.'),
  })
  .describe('The result of a verification of the ledger.');

const MAX_INDEX = 2n ** 63n - 1n;
const indexParameter = index
  .max(19)
  .transform(BigInt)
  .refine((value) => value <= MAX_INDEX, 'expected an index below 2^63');

/** Which entries are asked for. */
export const entryQuery = z.strictObject({
  from: indexParameter
    .optional()
    .describe('Where the page begins; if it is left out at 0, or at the newest entry for `newest`.'),
  order: z
    .enum(['oldest', 'newest'])
    .default('oldest')
    .describe('Whether the oldest comes first, or the newest.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('How many at most.'),
  object: z.string().max(300).optional().describe('Only entries about this object, as `kind/id`.'),
  change: z
    .string()
    .max(300)
    .optional()
    .describe('Only entries about this request, its runs, vetoes and tasks: `CHG-12`.'),
  type: token.max(100).optional().describe('Only entries of this type, such as `decision`.'),
  person: text.max(300).optional().describe('Only what this person, service or part of the program did.'),
  outcome: z.enum(OUTCOMES).optional().describe('Only what was done, refused, or failed.'),
  since: instant.optional().describe('Only entries from the first one at or after this instant on.'),
  until: instant.optional().describe('Only entries before the first one at or after this instant.'),
});

/** Which types of entries there are. */
export const entryTypes = z
  .strictObject({ types: z.array(z.string()).describe('By name.') })
  .meta({ id: 'LedgerEntryTypes' });
export type EntryTypes = z.infer<typeof entryTypes>;

/** Which entry is asked for. */
export const entryParams = z.strictObject({ index: indexParameter.describe('The index of the entry.') });

/** Between which sizes of the ledger a proof is asked for. */
export const consistencyQuery = z
  .strictObject({
    from: indexParameter.describe('The older size, at least 1: nothing is consistent with nothing.'),
    to: indexParameter.optional().describe('The newer size; what is recorded now if it is left out.'),
  })
  .refine(({ from }) => from > 0n, {
    path: ['from'],
    message: 'expected a size of at least 1: from nothing there is no proof, for everything begins with it',
  })
  .refine(({ from, to }) => to === undefined || from <= to, {
    path: ['to'],
    message: 'expected a size not below `from`',
  });

const base64Hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'expected 32 bytes in base64');

/** That the ledger of one size is the beginning of the ledger of another. */
export const consistencyProof = z
  .strictObject({
    from: index.describe('The older size.'),
    to: index.describe('The newer size.'),
    fromRoot: base64Hash.describe('Root of the older tree: compare it with the checkpoint that you kept.'),
    toRoot: base64Hash.describe('Root of the newer tree: compare it with the newer checkpoint.'),
    hashes: z.array(base64Hash).describe('The proof of RFC 6962, section 2.1.2, in its order.'),
  })
  .describe('A consistency proof between two sizes of the ledger.');

export type ConsistencyProof = z.infer<typeof consistencyProof>;

export type EntryQuery = z.infer<typeof entryQuery>;

/** A page of entries. */
export const ledgerPage = z
  .strictObject({
    entries: z.array(
      z.strictObject({ index: index.describe('Where the entry stands.'), entry: ledgerEntry }),
    ),
    next: index.nullable().describe('`from` of the next page, `null` if this is the last.'),
  })
  .describe('Entries of the ledger, in the order that was asked for.');

export type LedgerPage = z.infer<typeof ledgerPage>;
export type LedgerFault = z.infer<typeof ledgerFault>;
export type LedgerVerdict = z.infer<typeof ledgerVerdict>;
