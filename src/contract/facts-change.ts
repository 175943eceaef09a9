import { z } from 'zod';
import {
  APPROVER_ROLES,
  CRITICALITIES,
  DOORS,
  KINDS,
  MONITORING_PARTS,
  PROOFS,
  SEVERITIES,
  STAGES,
} from '../kernel/policy/facts.ts';
import { RULES } from '../kernel/policy/rule.ts';
import { endsAfterStart, endsBeforeItStarts, instant } from './instant.ts';

const name = z.string().min(1);
const count = z.int().min(0);
const minutes = z.number().min(0).max(10_000_000);
const names = z.array(name).optional();

const slot = z
  .strictObject({ start: instant.optional(), end: instant.optional() })
  .refine(endsAfterStart, endsBeforeItStarts);

const plan = z
  .strictObject({
    digest: name.optional().describe('Digest of the plan as it is now.'),
    complete: z.boolean().optional().describe('No section is missing, no placeholder of a template is left.'),
    preflightChecks: count.optional(),
    postChecks: count.optional(),
    unquantifiedChecks: count.optional().describe('Checks with nothing to compare with.'),
    executableSteps: count.optional(),
    manualSteps: count.optional(),
    scriptSteps: count.optional(),
    wildcards: count.optional().describe('Unresolved wildcards in steps and in the scripts they name.'),
  })
  .describe('What the plan holds, counted.');

const approval = z.strictObject({
  person: name.optional(),
  as: z.enum(APPROVER_ROLES).optional(),
  for: z
    .string()
    .regex(/^(plan|start|emergency|lock:.+)$/, {
      error: (issue) =>
        `expected \`plan\`, \`start\`, \`emergency\` or \`lock:<id>\`, got \`${String(issue.input)}\``,
    })
    .optional(),
  via: z.enum(DOORS).optional(),
  digest: name.optional().describe('Digest of the plan that was approved.'),
  at: instant.optional(),
  expiresAt: instant.nullish(),
});

const exception = z.strictObject({
  rule: z.enum(RULES).optional(),
  reason: z.string().optional(),
  by: name.optional(),
  approvedBy: name.nullish(),
  at: instant.optional(),
});

const takenBack = z.strictObject({
  person: name.optional(),
  for: z
    .string()
    .regex(/^(plan|start|emergency|lock:.+|exception:.+)$/, {
      error: (issue) =>
        `expected \`plan\`, \`start\`, \`emergency\`, \`lock:<id>\` or \`exception:<rule>\`, got \`${String(issue.input)}\``,
    })
    .optional(),
});

const checkOutcome = z.strictObject({ name: name.optional(), verdict: z.enum(PROOFS).optional() });

/** The change that a question is about, on the wire. At `ask` a handful of its fields is enough. */
export const changeFacts = z.strictObject({
  id: name.optional(),
  environment: name.optional(),
  services: names,
  topics: names,
  team: names,
  kind: z.enum(KINDS).optional(),
  deployment: z.enum(STAGES).nullish(),
  monthlyRelease: z.boolean().default(false),
  criticality: z.enum(CRITICALITIES).optional(),
  severity: z.enum(SEVERITIES).optional(),
  downtimeMinutes: minutes.optional(),
  author: name.optional(),
  authorIsBotOf: name.nullish().describe('The human behind the bot that wrote the request.'),
  executor: name.optional(),
  emoc: name.nullish(),
  cmoc: name.nullish(),
  bridge: z.string().nullish().describe('The call link of the change.'),
  slot: slot.nullish(),
  estimateMinutes: minutes.optional(),
  rollbackMinutes: minutes.optional(),
  onCalendar: z.boolean().optional(),
  resolvesIncident: name.nullish(),
  procedure: z
    .strictObject({
      id: name.optional(),
      successfulRuns: count.optional(),
      graduated: z.boolean().optional(),
    })
    .nullish(),
  plan: plan.optional(),
  targets: z
    .strictObject({
      count: count.optional(),
      outside: count.optional().describe('Proven to be outside the environment.'),
      unproven: count.optional(),
    })
    .nullish(),
  dryRunTwin: z
    .enum(['same', 'different', 'accepted'])
    .nullish()
    .describe('What the dry run repeated before the start showed.'),
  dryRun: z
    .strictObject({ digest: name.optional(), at: instant.optional(), ok: z.boolean().optional() })
    .nullish(),
  approvals: z.array(approval).optional(),
  takenBack: z
    .array(takenBack)
    .optional()
    .describe('Approvals and approved exceptions that were withdrawn since the run began.'),
  exceptions: z.array(exception).optional(),
  announcedAt: instant.nullish(),
  situationRoomJoinedAt: instant.nullish(),
  eocSeen: z
    .strictObject({ person: name.optional(), at: instant.optional() })
    .nullish()
    .describe('Who of the EOC rota was last present.'),
  blind: z
    .strictObject({ parts: z.array(z.enum(MONITORING_PARTS)).optional(), until: instant.optional() })
    .nullish()
    .describe('The open blind window of the run.'),
  acknowledges: names.describe('Running changes that the starter says they know of.'),
  preflights: z.array(checkOutcome).optional(),
  watched: z.array(checkOutcome).optional(),
  postchecks: z.array(checkOutcome).optional(),
  updatesOverdue: count.default(0).describe('How many audiences wait for a late update.'),
  handoff: z.strictObject({ state: z.string().optional(), silences: names, graphs: names }).nullish(),
});
export type ParsedChange = z.output<typeof changeFacts>;
