import { z } from 'zod';
import { CHANGE_STATES } from '../kernel/change/state.ts';
import { APPROVER_ROLES, CRITICALITIES, DOORS, KINDS, SEVERITIES } from '../kernel/policy/facts.ts';
import { ceremony } from './ceremony.ts';
import { decisionDocumentSchema } from './decision.ts';
import { slotReport } from './calendar.ts';
import { instant } from './instant.ts';
import { plainText, words } from './plain-text.ts';
import { partChange } from './word-fates.ts';

export const changeId = z
  .string()
  .regex(/^CHG-[1-9]\d{0,17}$/, { error: 'expected a change such as `CHG-12`' });
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, { error: 'expected a digest, `sha256:` and 64 digits' });
const time = z.iso.datetime();
const decimal = z.string().regex(/^[1-9]\d{0,17}$/, { error: 'expected a number such as `12`' });
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
  file: words.max(300).describe('Name of the file, for messages.'),
  plan: plainText.min(1).max(400_000).describe('Text of the plan file, YAML or JSON.'),
  scripts: z
    .record(plainText.max(300), plainText.max(200_000))
    .default({})
    .describe('Text of every script that the plan names, by the path that it gives.'),
  retryOf: changeId.optional().describe('The aborted change that this one tries again.'),
  clonedFrom: changeId
    .optional()
    .describe('The change whose plan this one was begun from; nothing said of it goes along.'),
  draft: z
    .boolean()
    .optional()
    .describe('File it as a draft, which asks nothing of anybody until it is submitted.'),
});
export type OpenChange = z.infer<typeof openChange>;

/** A new revision; `version` is the one the editor saw. */
export const editChange = openChange.omit({ retryOf: true, clonedFrom: true, draft: true }).extend({
  version: z
    .number()
    .int()
    .min(1)
    .describe(
      'The version that was edited; another one by now is refused (412). Only edits move it; `If-Match` also guards against words, slots and states since.',
    ),
});
export type EditChange = z.infer<typeof editChange>;

export const cloneChange = openChange.pick({ draft: true });
export type CloneChange = z.infer<typeof cloneChange>;

/** Why a request is given up or rejected; its author reads it. */
export const closeChange = z.strictObject({ reason: words.max(4_000) });
export type CloseChange = z.infer<typeof closeChange>;

export const newApproval = z.strictObject({
  as: z.enum(APPROVER_ROLES).describe('The capacity in which the word is given.'),
  for: plainText
    .regex(/^(plan|start|emergency|lock:.{1,100})$/, {
      error: 'expected `plan`, `start`, `emergency` or `lock:` and the id of a lock',
    })
    .describe('What it is given for: `plan`, `start`, `emergency`, or `lock:` and the id of a lock.'),
  digest: digest.describe('Digest of the plan that was shown to the approver.'),
  expiresAt: instant
    .optional()
    .describe('An exemption from a lock without one ends with the slot, else after a day.'),
  reason: words.max(4_000).optional().describe('Why; an exemption from a lock needs one.'),
});
export type NewApproval = z.infer<typeof newApproval>;

/** A word given in the app. */
export const appApproval = newApproval.extend({
  voice: z
    .boolean()
    .default(false)
    .describe('The tap of the engineer on call who has just said yes by voice, in the Situation Room.'),
});

export const newMessage = z.strictObject({
  body: words
    .max(20_000)
    .describe('Kept as it is; a page shows it as Markdown, of which nothing is loaded and nothing runs.'),
  approve: newApproval.optional().describe('The word of this message, where it is an approval.'),
});
export type NewMessage = z.infer<typeof newMessage>;

export const newChannelMessage = newMessage
  .extend({ change: changeId.optional().describe('The change that it is about.') })
  .refine(({ change, approve }) => !approve || change !== undefined, {
    path: ['change'],
    error: 'expected `change` beside `approve`, which is missing',
  });
export type NewChannelMessage = z.infer<typeof newChannelMessage>;

export const newException = z.strictObject({
  rule: words.max(100).describe('Id of a rule.'),
  reason: words.max(4_000),
});
export type NewException = z.infer<typeof newException>;

export const exceptionApproval = z.strictObject({
  exception: decimal.describe('Number of the exception whose reason was shown to the reviewer.'),
  digest: digest.describe('Digest of the plan that was shown to the reviewer.'),
});
export type ExceptionApproval = z.infer<typeof exceptionApproval>;

export const exceptionWithdrawal = newException.pick({ reason: true });
export type ExceptionWithdrawal = z.infer<typeof exceptionWithdrawal>;

export const slotText = z
  .strictObject({ start: instant, end: instant })
  .refine(({ start, end }) => end > start, { path: ['end'], error: 'expected `end` to be after `start`' });
export const scheduleChange = z.strictObject({
  slot: slotText.nullable().describe('`null`: a change that needs no date.'),
  tentative: z
    .boolean()
    .default(false)
    .describe('Only pencilled in, so that the engineer on call of that time can review.'),
  acknowledgesConflicts: z
    .array(changeId)
    .max(100)
    .default([])
    .describe(
      'The requests on the same service in this time that whoever asks knows of: each has to be named.',
    ),
});
export const slotPreview = z.strictObject({ slot: slotText });
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
  current: z
    .boolean()
    .describe('Given for the plan as it is now, or carried to it; neither withdrawn nor voided.'),
  carried: partChange.nullable().describe('The last edit that left it standing.'),
  voided: partChange.nullable().describe('The edit that touched what it looks at.'),
});

export const exceptionView = z.strictObject({
  id: decimal,
  rule: z.string(),
  reason: z.string(),
  by: z.string(),
  askedAt: time,
  approvedBy: z.string().nullable(),
  approvedAt: time.nullable(),
  withdrawn: z
    .strictObject({ by: z.string(), at: time, because: z.string() })
    .nullable()
    .describe('Who took it back, when and why: who asked for it or who approved it.'),
  current: z
    .boolean()
    .describe(
      'Asked for the plan and the slot as they are now, or carried to them; neither withdrawn nor voided.',
    ),
  carried: partChange.nullable().describe('The last edit that left it standing.'),
  voided: partChange.nullable().describe('The edit that touched what it looks at.'),
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

export const changeRecord = changeSummary
  .extend({
    version: z.number().int(),
    revision: z.number().int(),
    digest: z.string(),
    parts: z.record(z.string(), z.string()).describe('Digest of each part of the plan.'),
    authorBotOf: z.string().nullable(),
    retryOf: z.string().nullable(),
    clonedFrom: z.string().nullable().describe('The request that it is a copy of.'),
    planFile: z.string(),
    planText: z.string(),
    scripts: z.record(z.string(), z.string()),
    findings: z.array(finding),
    approvals: z.array(approvalView),
    exceptions: z.array(exceptionView),
  })
  .meta({ id: 'ChangeRecord' });
export type ChangeRecord = z.infer<typeof changeRecord>;

/** A request that was filed just now. */
export const openedChange = changeRecord.extend(ceremony.shape).meta({ id: 'OpenedChange' });
export type OpenedChange = z.infer<typeof openedChange>;

/** The same, with the verdict on its next act. */
export const changeView = openedChange
  .extend({
    ending: z
      .strictObject({
        state: z.enum(['cancelled', 'rejected']),
        reason: z.string(),
        by: z.string(),
        at: time,
      })
      .nullable()
      .describe('Why it was cancelled or rejected, and by whom; `null` where it was not.'),
    openedByAgent: z
      .string()
      .nullable()
      .describe(
        'The agent that opened it in the name of its author; `null` where a person or a service did.',
      ),
    retriedBy: z.array(changeId).describe('The requests that try this one again, which was aborted.'),
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

export const changePath = z.strictObject({ id: changeId });
export const approvalPath = changePath.extend({ approval: decimal });
export const exceptionPath = changePath.extend({ exception: decimal });

export const scheduled = z.strictObject({
  change: changeSummary,
  decision: decisionDocumentSchema
    .nullable()
    .describe('Why it may; `null` for a slot that is only pencilled in.'),
  report: slotReport.nullable().describe('What there is to know of the slot; `null` where there is none.'),
});

export const announced = z.strictObject({
  announcedAt: time.nullable().describe('When the channel had it; `null` while it is still on its way.'),
});
