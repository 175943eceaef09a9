import { z } from 'zod';
import { formatInstant } from '../kernel/calendar/instant.ts';
import { RULES, VERDICTS, type Decision, type RuleVerdict } from '../kernel/policy/rule.ts';

const instantText = z.string().meta({ format: 'date-time' });
const digestText = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** What one rule says, on the wire. */
export const ruleVerdictDocument = z.strictObject({
  rule: z.enum(RULES),
  verdict: z.enum(VERDICTS).describe('`unknown` counts as `deny`; only these two refuse.'),
  because: z.string().describe('What was wanted and what was seen, in one sentence.'),
  clearsAt: instantText.optional().describe('When time alone clears it.'),
});

/** The answer to one question, on the wire; as one line of JSON it is what `interlock decide --json` prints. */
export const decisionDocumentSchema = z.strictObject({
  allowed: z.boolean().describe('No rule says `deny` or `unknown`.'),
  verdicts: z.array(ruleVerdictDocument),
  nextOpening: instantText.nullable().describe('The earliest instant at which time no longer stops it.'),
  policy: digestText.describe('Digest of the policy that was asked.'),
  facts: digestText.describe('Digest of the facts that were judged.'),
});
export type DecisionDocument = z.infer<typeof decisionDocumentSchema>;

/** A decision as it is sent and stored: instants as text, with the digests of what it rests on. */
export function decisionDocument(
  decision: Decision,
  policyDigest: string,
  factsDigest: string,
): DecisionDocument {
  return {
    allowed: decision.allowed,
    verdicts: decision.verdicts.map(verdictDocument),
    nextOpening: decision.nextOpening === null ? null : formatInstant(decision.nextOpening),
    policy: policyDigest,
    facts: factsDigest,
  };
}

function verdictDocument({ rule, verdict, because, clearsAt }: RuleVerdict) {
  return clearsAt === undefined
    ? { rule, verdict, because }
    : { rule, verdict, because, clearsAt: formatInstant(clearsAt) };
}
