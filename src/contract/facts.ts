import { z } from 'zod';
import {
  DUTIES,
  HOST_ROLES,
  LOCK_KINDS,
  PROOFS,
  ROLES,
  SEVERITIES,
  type Facts,
} from '../kernel/policy/facts.ts';
import { ACTIONS } from '../kernel/policy/rule.ts';
import { changeFacts } from './facts-change.ts';
import { factsOf } from './facts-parsed.ts';
import { endsAfterStart, endsBeforeItStarts, instant } from './instant.ts';
import { problemsOf, type ContractProblem } from './problem.ts';

const name = z.string().min(1);
const proof = z.enum(PROOFS).optional();

const shift = z
  .strictObject({ person: name.optional(), start: instant.optional(), end: instant.optional() })
  .refine(endsAfterStart, endsBeforeItStarts);
const shifts = z.array(shift).optional();

const lock = z
  .strictObject({
    id: name.optional(),
    kind: z.enum(LOCK_KINDS).optional(),
    environments: z.array(name).optional(),
    reason: z.string().optional(),
    start: instant.optional(),
    end: instant.optional(),
  })
  .refine(endsAfterStart, endsBeforeItStarts);

const veto = z.strictObject({
  by: name.optional(),
  change: name.optional().describe('Id of a change, or `*` for all.'),
  at: instant.optional(),
  liftedAt: instant.nullish(),
  stopsRollback: z.boolean().default(false),
});

/**
 * The facts of one question on the wire: what `interlock decide` reads, the server builds and every stored decision
 * keeps. An absent list is empty, an absent field that may be `null` is `null`, one with a default has it, and any
 * other absent field is unknown. Without `at` and `action` there is no question.
 */
export const factsDocument = z
  .strictObject({
    at: instant.describe('The instant of the question.'),
    action: z.enum(ACTIONS),
    actor: name.optional().describe('The person who asks.'),
    people: z
      .record(name, z.array(z.enum(ROLES)))
      .optional()
      .describe('Standing roles by person.'),
    rota: z
      .strictObject({ eoc: shifts, imoc: shifts, cmoc: shifts } satisfies Record<
        (typeof DUTIES)[number],
        unknown
      >)
      .optional(),
    change: changeFacts.optional(),
    running: z
      .array(
        z.strictObject({
          id: name.optional(),
          severity: z.enum(SEVERITIES).optional(),
          suspended: z.boolean().default(false),
        }),
      )
      .optional()
      .describe('The changes that run now.'),
    incidents: z
      .array(
        z.strictObject({
          id: name.optional(),
          severity: z.enum(SEVERITIES).optional(),
          status: z.enum(['active', 'resolved']).optional(),
        }),
      )
      .optional(),
    sources: z
      .array(
        z.strictObject({
          of: z.enum([...DUTIES, 'incidents']).optional(),
          source: name.optional().describe('The peer, or `a calendar`.'),
          heard: z.boolean().optional().describe('Whether its last answer is young enough to count.'),
          at: instant.nullish().describe('When it was last heard.'),
          because: z.string().nullish().describe('Why it was not heard since.'),
          answer: z.string().nullish().describe('Id of the answer that is kept as evidence.'),
          tracker: z.boolean().optional().describe('Whether it is a tracker, which no emergency needs.'),
        }),
      )
      .optional()
      .describe(
        'What else says who is on call and which incidents are active. One that was not heard is unknown.',
      ),
    monitoring: z.strictObject({ prometheus: proof, thanos: proof, alertmanager: proof }).optional(),
    locks: z.array(lock).optional().describe('Locks beside those of the policy.'),
    vetoes: z.array(veto).optional(),
    errorBudgets: z
      .array(
        z.strictObject({
          service: name.optional(),
          remaining: z.number().nullish().describe('Ratio of the budget that is left; `null` is unknown.'),
          threshold: z.number().optional(),
        }),
      )
      .optional(),
    host: z
      .strictObject({
        name: name.optional(),
        role: z.enum(HOST_ROLES).optional(),
        environment: name.nullish(),
        multiplexer: z.enum(['tmux', 'screen']).nullish(),
      })
      .nullish()
      .describe('Where the question is asked from.'),
  })
  .meta({ title: 'Interlock facts', description: 'The facts of one question to `interlock decide`.' });

/** What is written on the wire: instants as text. */
export type FactsDocument = z.input<typeof factsDocument>;
/** The same with its instants read. */
export type ParsedFacts = z.output<typeof factsDocument>;

export type FactsResult =
  | { readonly ok: true; readonly facts: Facts }
  | { readonly ok: false; readonly problems: readonly ContractProblem[] };

/** Reads a facts document into what the kernel decides on. Never throws: what is wrong comes back as problems. */
export function parseFacts(document: unknown): FactsResult {
  const read = factsDocument.safeParse(document, { reportInput: true });
  if (!read.success) return { ok: false, problems: problemsOf(read.error) };
  return { ok: true, facts: factsOf(read.data) };
}
