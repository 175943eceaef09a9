import { z } from 'zod';
import { CHANGE_STATES } from '../kernel/change/state.ts';
import { CRITICALITIES, KINDS, SEVERITIES } from '../kernel/policy/facts.ts';
import { ACTIONS } from '../kernel/policy/rule.ts';
import { changeId, changeSummary } from './changes.ts';
import { decisionDocumentSchema } from './decision.ts';
import { instant } from './instant.ts';
import { next, pagesOf, rowNumber } from './paging.ts';
import { plainText } from './plain-text.ts';

/** Which requests a list is narrowed to. */
export const changeQuery = z
  .strictObject({
    state: z.enum(CHANGE_STATES).optional().describe('Only those in this state.'),
    environment: plainText.max(200).optional().describe('Only those of this environment.'),
    service: plainText.max(200).optional().describe('Only those that touch this service.'),
    criticality: z.enum(CRITICALITIES).optional().describe('Only those of this criticality.'),
    severity: z.enum(SEVERITIES).optional().describe('Only those of this severity.'),
    kind: z.enum(KINDS).optional().describe('Only those declared so.'),
    author: plainText.max(100).optional().describe('Only those that this account filed.'),
    executor: plainText.max(100).optional().describe('Only those that this account executes.'),
    slotFrom: instant.optional().describe('Only those whose slot ends after this instant; with `slotTo`.'),
    slotTo: instant.optional().describe('Only those whose slot starts before this instant; with `slotFrom`.'),
    text: plainText
      .max(200)
      .optional()
      .describe(
        'Words that the request holds, all of them: in its title, environment, services, topics, targets, objective, reason, impact, team.',
      ),
    before: changeId.optional().describe('`next` of the page before.'),
    limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many, the newest first.'),
  })
  .refine(({ slotFrom, slotTo }) => (slotFrom === undefined) === (slotTo === undefined), {
    path: ['slotTo'],
    error: 'expected `slotFrom` and `slotTo` together',
  })
  .refine(({ slotFrom = 0, slotTo = 1 }) => slotFrom < slotTo, {
    path: ['slotTo'],
    error: 'expected `slotTo` to be after `slotFrom`',
  });
export type ChangeQuery = z.infer<typeof changeQuery>;

export const changePage = z.strictObject({ changes: z.array(changeSummary), next: changeId.nullable() });
export type ChangePage = z.infer<typeof changePage>;

export const decisionQuery = z.strictObject(pagesOf(rowNumber, 200, 20));
export type DecisionQuery = z.infer<typeof decisionQuery>;

/** A stored answer of the interlock with the facts it was given: asked again, it gives the same bytes. */
export const storedDecision = z
  .strictObject({
    ledgerIndex: z.string().describe('Index of its ledger entry, decimal text.'),
    action: z.enum(ACTIONS),
    actor: z.string(),
    at: z.iso.datetime(),
    allowed: z.boolean(),
    decision: decisionDocumentSchema,
    facts: z.record(z.string(), z.unknown()).describe('A facts document, as `interlock decide` reads it.'),
  })
  .meta({ id: 'StoredDecision' });
export type StoredDecision = z.infer<typeof storedDecision>;
export const storedDecisions = z.strictObject({ decisions: z.array(storedDecision), next });
export type StoredDecisions = z.infer<typeof storedDecisions>;
