import { z } from 'zod';
import { CRITICALITIES, DOORS, KINDS, SEVERITIES } from '../kernel/policy/facts.ts';
import { RULES } from '../kernel/policy/rule.ts';
import { slotReport } from './calendar.ts';
import { ceremony } from './ceremony.ts';
import { changeId, finding, openChange, slotText } from './changes.ts';
import { decisionDocumentSchema } from './decision.ts';

/** A plan that is being written; nothing of it is kept. */
export const previewChange = openChange.pick({ file: true, plan: true, scripts: true }).extend({
  slot: slotText
    .nullable()
    .default(null)
    .describe('The slot that is thought of; without one the soonest opening that fits.'),
  edits: changeId.optional().describe('The request whose plan it would replace.'),
});
export type PreviewChange = z.infer<typeof previewChange>;

const place = { line: z.int().min(1), column: z.int().min(1) };
const span = z.strictObject({ start: z.iso.datetime(), end: z.iso.datetime() });

/** A word that somebody gave, and what an edit would make of it. */
const wordAfter = z.strictObject({
  person: z.string().describe('Who gave it, or granted the exception.'),
  what: z.string().describe('An approval or an exception, in words.'),
  via: z.enum(DOORS).nullable().describe('The door that an approval came in by.'),
  stands: z.boolean().describe('It is carried to the plan as it would be; otherwise it is voided.'),
  parts: z
    .array(z.string())
    .describe(
      'Of one that is voided, the changed parts that it looks at; of one that stands, what it looks at.',
    ),
});

export const previewEdit = z.strictObject({
  version: z.int().describe('The version of the request that this was compared with.'),
  changed: z.array(z.string()).describe('The parts of the plan that differ; none: nothing material.'),
  words: z.array(wordAfter).describe('Every word that counts now.'),
  slotBack: z.boolean().describe('The acceptance of its slot would be taken back.'),
  refused: z.string().nullable().describe('Why the edit would be refused as it stands.'),
});
export type PreviewEdit = z.infer<typeof previewEdit>;

const previewPlan = ceremony.extend({
  digest: z.string(),
  title: z.string(),
  environment: z.string(),
  criticality: z.enum(CRITICALITIES),
  severity: z.enum(SEVERITIES),
  kind: z.enum(KINDS),
  targets: z.int().describe('How many it touches.'),
  steps: z.int().describe('How many it has once it is laid out.'),
  lengthMinutes: z.number().describe('Both estimates together: what a slot has to hold.'),
  asks: z
    .array(z.strictObject({ rule: z.enum(RULES), what: z.string() }))
    .describe('Everything that the policy asks of a change of this kind, in words.'),
  slot: span.nullable().describe('The slot that is judged; `null` where no opening is near.'),
  report: slotReport.describe('What there is to know of that slot, and the next openings.'),
  decision: decisionDocumentSchema.describe('The verdict at `schedule` for that slot, as it stands.'),
  edit: previewEdit.nullable().describe('What it would do to the request that it edits.'),
});

/** What the server says of a plan that is being written. */
export const changePreview = z
  .strictObject({
    problems: z
      .array(z.strictObject({ ...place, message: z.string() }))
      .describe('Why it is no plan yet, each at its place in the file.'),
    findings: z.array(finding).describe('What the linter finds in a plan that can be read.'),
    plan: previewPlan.nullable().describe('`null` where it cannot be read.'),
  })
  .meta({ id: 'ChangePreview' });
export type ChangePreview = z.infer<typeof changePreview>;
export type PreviewPlan = NonNullable<ChangePreview['plan']>;
