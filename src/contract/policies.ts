import { z } from 'zod';
import { CRITICALITIES, KINDS, SEVERITIES, STAGES } from '../kernel/policy/facts.ts';
import { ruleVerdictDocument } from './decision.ts';
import { instant } from './instant.ts';
import { rotaName } from './people.ts';
import { plainText } from './plain-text.ts';

const minutes = z.coerce.number().int().min(0).max(1_000_000).default(0);

/** What the policy would say of a kind of change, and when. */
export const policyAnswerQuery = z.strictObject({
  environment: plainText.min(1).max(253),
  criticality: z.enum(CRITICALITIES),
  severity: z.enum(SEVERITIES).default('S3'),
  kind: z.enum(KINDS).default('maintenance'),
  deployment: z.enum(STAGES).optional(),
  estimateMinutes: minutes.describe('How long it takes.'),
  rollbackMinutes: minutes.describe('How long it takes to undo.'),
  at: instant
    .optional()
    .describe('An instant ahead, as far as openings are looked for; now if it is left out.'),
});
export type PolicyAnswerQuery = z.infer<typeof policyAnswerQuery>;

/** What the policy says of a kind of change at an instant. Nothing is recorded, and nothing may be done on it. */
export const policyAnswer = z
  .strictObject({
    at: z.iso.datetime(),
    policy: z.strictObject({ name: z.string(), digest: z.string() }),
    allowed: z
      .boolean()
      .describe('No rule says `deny` or `unknown`; of an instant ahead that is never known.'),
    timeAllows: z
      .boolean()
      .describe('Nothing that the calendar alone settles refuses: hours, locks, the environment.'),
    verdicts: z.array(
      ruleVerdictDocument.extend({
        known: z
          .boolean()
          .describe(
            'Whether it can be told now; `false` rests on what is so at that instant, and is asked then.',
          ),
      }),
    ),
    nextOpening: z.iso.datetime().nullable(),
    onDuty: z
      .partialRecord(rotaName, z.string())
      .describe('Who is on duty at that instant, as the rotas stand now; absent: nobody.'),
  })
  .meta({ id: 'PolicyAnswer' });
export type PolicyAnswer = z.infer<typeof policyAnswer>;

const number = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

const version = {
  number: z.number().int().describe('Counts the times that a policy was put in force, from 1.'),
  digest: z.string(),
  name: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime().nullable().describe('`null` for the one in force.'),
  by: z
    .string()
    .nullable()
    .describe('Who started the server that brought it: account and host; `null` where it was not noted.'),
  ledgerIndex: z.string().nullable().describe('Its entry, decimal text.'),
  kept: z.boolean().describe('Whether its text is kept, so that it can be compared.'),
};

/** A policy that was in force for a time. */
export const policyVersion = z.strictObject(version).meta({ id: 'PolicyVersion' });
export type PolicyVersion = z.infer<typeof policyVersion>;

export const policyVersions = z
  .strictObject({ versions: z.array(policyVersion).describe('The newest first.') })
  .meta({ id: 'PolicyVersions' });
export type PolicyVersions = z.infer<typeof policyVersions>;

export const policyVersionParams = z.strictObject({ number });

export const policyText = z
  .strictObject({ ...version, text: z.string().describe('The policy file, as it was written.') })
  .meta({ id: 'PolicyText' });
export type PolicyText = z.infer<typeof policyText>;

export const policyDifferenceQuery = z.strictObject({
  from: number.describe('The number of the older one.'),
});

/** How two policies differ. */
export const policyDifference = z
  .strictObject({
    from: policyVersion,
    to: policyVersion,
    words: z
      .array(
        z.strictObject({
          whom: z.string().describe('For which kinds of change, or what is set.'),
          before: z.string().nullable().describe('`null`: it is new.'),
          after: z.string().nullable().describe('`null`: it is no longer.'),
        }),
      )
      .nullable()
      .describe(
        'Which rule or number is otherwise and for whom; `null` where this version cannot read one of them.',
      ),
    unreadable: z.string().nullable().describe('Why there are no words.'),
    lines: z
      .string()
      .describe('The files against each other, as `diff -u` writes it; empty where only their names differ.'),
    cut: z.boolean().describe('Whether there are more lines.'),
  })
  .meta({ id: 'PolicyDifference' });
export type PolicyDifferenceAnswer = z.infer<typeof policyDifference>;
