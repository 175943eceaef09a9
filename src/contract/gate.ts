import { z } from 'zod';
import { CRITICALITIES, SEVERITIES, STAGES } from '../kernel/policy/facts.ts';
import { ACTIONS } from '../kernel/policy/rule.ts';
import { plainText } from './plain-text.ts';
import { decisionDocumentSchema, ruleVerdictDocument } from './decision.ts';

const name = plainText.min(1).max(253);
const minutes = z.number().min(0).max(1_000_000);

/** What a pipeline asks about something that no request stands behind. What it may not say of itself is not here. */
export const kindOfChange = z.strictObject({
  environment: name,
  services: z.array(name).max(1_000).default([]),
  criticality: z.enum(CRITICALITIES),
  severity: z.enum(SEVERITIES),
  deployment: z.enum(STAGES).nullable().default(null),
  monthlyRelease: z.boolean().default(false),
  estimateMinutes: minutes.optional().describe('Without it the rules that need it say unknown.'),
  rollbackMinutes: minutes.optional().describe('Without it the rules that need it say unknown.'),
});

export type KindOfChange = z.infer<typeof kindOfChange>;

const actionOnChange = z.strictObject({
  change: name.describe('Id of a request, such as `CHG-12`.'),
  action: z.enum(ACTIONS).exclude(['ask']),
});

/** The action may be said, as in a facts document; another one is of a request. */
const askOfKind = kindOfChange.extend({
  action: z
    .literal('ask')
    .optional()
    .describe('What is asked of a kind of change; the same where it is left out.'),
});

/** A question to the gate: about a kind of change, or about a request. */
export const gateQuestion = z.union([actionOnChange, askOfKind]);
export type GateQuestion = z.infer<typeof gateQuestion>;

/** The gate's answer, durable in the ledger before it is given. */
export const gateAnswer = decisionDocumentSchema
  .extend({ ledgerIndex: z.string().describe('Index of its entry, decimal text.') })
  .meta({ id: 'GateAnswer' });
export type GateAnswer = z.infer<typeof gateAnswer>;

const nowVerdict = {
  allowed: z.boolean(),
  verdicts: z.array(ruleVerdictDocument).describe('What refuses or warns; what passes is left out.'),
  nextOpening: z.string().nullable(),
};

/** May production change now, by environment and criticality. */
export const nowAnswer = z
  .strictObject({
    at: z.iso.datetime().describe("The database's clock."),
    policy: z.strictObject({ name: z.string(), digest: z.string() }),
    frozen: z.string().nullable().describe('Why nothing may be executed at all, or `null`.'),
    environments: z.array(
      z.strictObject({
        name: z.string(),
        operational: z.boolean(),
        monitoring: z.array(z.string()).describe('The parts that have to be proven alive there.'),
        answers: z.array(z.strictObject({ criticality: z.enum(CRITICALITIES), ...nowVerdict })),
        deployments: z
          .array(z.strictObject({ stage: z.enum(STAGES), ...nowVerdict }))
          .describe('The same of a deployment, asked as a C4 of severity S4.'),
      }),
    ),
  })
  .meta({ id: 'Now' });
export type NowAnswer = z.infer<typeof nowAnswer>;
