import { z } from 'zod';
import { SEVERITIES } from '../kernel/policy/facts.ts';
import { RULES, VERDICTS } from '../kernel/policy/rule.ts';
import { kindOfChange } from './gate.ts';

export const CLAIM_STATES = ['running', 'unknown', 'succeeded', 'failed'] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

export const claimId = z
  .string()
  .regex(/^CLAIM-[1-9]\d{0,17}$/, { error: 'expected a claim such as `CLAIM-7`' });
export const claimPath = z.strictObject({ claim: claimId });

const idempotencyKey = z
  .string()
  .regex(/^[\w.:-]{8,120}$/, { error: 'expected 8 to 120 letters, digits and `_.:-`' })
  .describe(
    'Made by the client for one intention; the same key gets the same claim, however often it is sent.',
  );
const ended = z.enum(['succeeded', 'failed']);
const time = z.iso.datetime();

/** What a pipeline sends to have its work run: what it would ask the gate. */
export const newClaim = kindOfChange.extend({ idempotencyKey });
export type NewClaim = z.infer<typeof newClaim>;

export const releaseClaim = z.strictObject({ outcome: ended.describe('How the work ended.') });
export type ReleaseClaim = z.infer<typeof releaseClaim>;

export const settleClaim = z.strictObject({
  outcome: ended.describe('How the work ended, as the person found out.'),
});
export type SettleClaim = z.infer<typeof settleClaim>;

/** A claim as everybody may see it. */
export const claimView = z
  .strictObject({
    id: claimId,
    person: z.string().describe('The account whose work it is.'),
    environment: z.string(),
    severity: z.enum(SEVERITIES),
    host: z.string().nullable().describe('The registered host that it was made from.'),
    state: z
      .enum(CLAIM_STATES)
      .describe('`unknown`: it was not renewed, and keeps its place until a person on duty settles it.'),
    decision: z.string().describe("The ledger's entry of the yes that it rests on, decimal text."),
    startedAt: time,
    leaseExpiresAt: time.nullable(),
    settleFrom: time.nullable().describe('From when on an unknown one can be settled.'),
    settledBy: z.string().nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'Claim' });
export type ClaimView = z.infer<typeof claimView>;

export const claimList = z.strictObject({
  claims: z.array(claimView).describe('Those that run or are unknown.'),
});
export type ClaimList = z.infer<typeof claimList>;

/** Who works beside: another run or claim. */
const beside = z.strictObject({
  id: z.string().describe('A change or a claim.'),
  severity: z.enum(SEVERITIES),
  person: z.string().describe('Who answers for it.'),
});

/** What a claimant has to know to keep its claim. */
export const claimGiven = claimView.extend({
  leaseMs: z.number().int().describe('How long the claim holds without a heartbeat.'),
  heartbeatMs: z.number().int().describe('How often to send one.'),
  killGraceMs: z.number().int().describe('What to leave of the lease for ending the work.'),
  beside: z.array(beside).describe('What runs beside it. Those who answer for it were told of this claim.'),
});
export type ClaimGiven = z.infer<typeof claimGiven>;

export const claimHeartbeat = z.strictObject({
  go: z.boolean().describe('Whether the work may go on.'),
  because: z
    .array(z.strictObject({ rule: z.enum(RULES).nullable(), verdict: z.enum(VERDICTS), because: z.string() }))
    .describe('What stands against it. A `rule` of `null`: the ledger is frozen.'),
  leaseExpiresAt: time,
});
export type ClaimHeartbeat = z.infer<typeof claimHeartbeat>;
