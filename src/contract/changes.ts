import { z } from 'zod';
import { CHANGE_STATES } from '../kernel/change/state.ts';
import { APPROVER_ROLES, CRITICALITIES, DOORS, KINDS, SEVERITIES } from '../kernel/policy/facts.ts';
import { decisionDocumentSchema } from './decision.ts';
import { instant } from './instant.ts';

export const changeId = z
  .string()
  .regex(/^CHG-[1-9]\d{0,17}$/, { error: 'expected a change such as `CHG-12`' });
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: 'expected a digest, `sha256:` and 64 digits' });
const time = z.iso.datetime();
const idempotencyKey = z
  .string()
  .regex(/^[\w.:-]{8,120}$/, { error: 'expected 8 to 120 letters, digits and `_.:-`' })
  .optional()
  .describe('Made by the client for one intention; the same key gets the same answer.');

/** What the linter found, as `plan lint` shows it. */
export const finding = z.strictObject({
  rule: z.string(),
  level: z.enum(['error', 'warning']),
  excepted: z.boolean(),
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
  fix: z.string(),
});
export type Finding = z.infer<typeof finding>;

/** The plan as a person wrote it, with the text of every script that it names, by the path it is named with. */
export const openChange = z.strictObject({
  file: z.string().min(1).max(300).describe('Name of the file, for messages.'),
  plan: z.string().min(1).max(400_000),
  scripts: z.record(z.string().max(300), z.string().max(200_000)).default({}),
  retryOf: changeId.optional(),
  idempotencyKey,
});
export type OpenChange = z.infer<typeof openChange>;

/** A new revision; `version` is the one the editor saw. */
export const editChange = openChange.omit({ retryOf: true, idempotencyKey: true }).extend({
  version: z.number().int().min(1).describe('The version that was edited; another one by now is refused.'),
});
export type EditChange = z.infer<typeof editChange>;

export const newApproval = z.strictObject({
  as: z.enum(APPROVER_ROLES),
  for: z.string().regex(/^(plan|start|emergency|lock:.{1,100})$/, {
    error: 'expected `plan`, `start`, `emergency` or `lock:` and the id of a lock',
  }),
  digest: digest.describe('Digest of the plan that was shown to the approver.'),
  expiresAt: instant.optional(),
});
export type NewApproval = z.infer<typeof newApproval>;

export const newMessage = z.strictObject({
  body: z.string().trim().min(1).max(20_000),
  approve: newApproval.optional().describe('The word of this message, where it is an approval.'),
});
export type NewMessage = z.infer<typeof newMessage>;

export const newChannelMessage = newMessage.extend({ change: changeId.optional() });

export const newException = z.strictObject({
  rule: z.string().min(1).max(100),
  reason: z.string().trim().min(1).max(4_000),
});
export const exceptionApproval = z.strictObject({ rule: z.string().min(1).max(100), digest });

const slotText = z
  .strictObject({ start: instant, end: instant })
  .refine(({ start, end }) => end > start, { path: ['end'], error: 'expected `end` to be after `start`' });
export const scheduleChange = z.strictObject({
  slot: slotText.nullable().describe('`null`: a change that needs no date.'),
  tentative: z
    .boolean()
    .default(false)
    .describe('Only pencilled in, so that the engineer on call of that time can review.'),
});
export type ScheduleChange = z.infer<typeof scheduleChange>;

export const approvalView = z.strictObject({
  id: z.string(),
  person: z.string(),
  as: z.enum(APPROVER_ROLES),
  for: z.string(),
  via: z.enum(DOORS),
  digest: z.string(),
  at: time,
  expiresAt: time.nullable(),
  withdrawnAt: time.nullable(),
  current: z.boolean().describe('Given for the plan as it is now, and not withdrawn.'),
});

export const exceptionView = z.strictObject({
  rule: z.string(),
  reason: z.string(),
  by: z.string(),
  askedAt: time,
  approvedBy: z.string().nullable(),
  approvedAt: time.nullable(),
  current: z.boolean(),
});

export const changeSummary = z
  .strictObject({
    id: changeId,
    title: z.string(),
    state: z.enum(CHANGE_STATES),
    label: z.string().describe('The label of the tracker.'),
    environment: z.string(),
    services: z.array(z.string()),
    criticality: z.enum(CRITICALITIES),
    severity: z.enum(SEVERITIES),
    kind: z.enum(KINDS),
    author: z.string(),
    executor: z.string(),
    slot: z.strictObject({ start: time, end: time, accepted: z.boolean() }).nullable(),
    onCalendar: z.boolean(),
    openedAt: time,
  })
  .meta({ id: 'ChangeSummary' });
export type ChangeSummary = z.infer<typeof changeSummary>;

export const changeView = changeSummary
  .extend({
    version: z.number().int(),
    revision: z.number().int(),
    digest: z.string(),
    parts: z.record(z.string(), z.string()).describe('Digest of each part of the plan.'),
    authorBotOf: z.string().nullable(),
    retryOf: z.string().nullable(),
    planFile: z.string(),
    planText: z.string(),
    scripts: z.record(z.string(), z.string()),
    findings: z.array(finding),
    approvals: z.array(approvalView),
    exceptions: z.array(exceptionView),
    verdict: z
      .strictObject({
        action: z.enum(['schedule', 'start', 'step', 'complete']),
        decision: decisionDocumentSchema,
      })
      .nullable()
      .describe(
        'The verdict on the next act as it stands, from where the caller asks; `null` where nothing is left to do.',
      ),
  })
  .meta({ id: 'Change' });
export type ChangeView = z.infer<typeof changeView>;

export const changeQuery = z.strictObject({
  state: z.enum(CHANGE_STATES).optional(),
  environment: z.string().max(200).optional(),
  service: z.string().max(200).optional(),
  criticality: z.enum(CRITICALITIES).optional(),
  author: z.string().max(100).optional(),
  text: z.string().max(200).optional(),
  before: changeId.optional().describe('The last id of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ChangeQuery = z.infer<typeof changeQuery>;

export const changePage = z.strictObject({ changes: z.array(changeSummary), next: changeId.nullable() });
export type ChangePage = z.infer<typeof changePage>;
