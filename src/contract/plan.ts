import { z } from 'zod';
import { MONITORING_PARTS } from '../kernel/policy/facts.ts';
import { check, expectation, preflightCheck } from './check.ts';
import { duration } from './duration.ts';
import { exactlyOneOf, fieldsText } from './exactly-one.ts';
import { instant } from './instant.ts';
import { prometheusMeasure } from './measure-monitoring.ts';
import { mayDiffer } from './plan-dry-run.ts';
import { script } from './plan-script.ts';
import { target, targetsFrom } from './plan-targets.ts';
import { trigger, undo } from './plan-undo.ts';
import { approval, manual } from './plan-words.ts';
import { watching } from './plan-watching.ts';

const text = z.string().trim().min(1);
const name = z.string().trim().min(1).max(120);
const person = z
  .string()
  .regex(/^[a-z][a-z0-9._-]*$/, { error: "expected a person's account name, such as `ana`" });
const argv = z
  .array(z.string())
  .min(1)
  .max(2_000)
  .describe('A program and its arguments; never a shell string.');
const variable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, { error: 'expected the name of an environment variable, such as `SHOP_URL`' });

export const criticality = z.enum(['C1', 'C2', 'C3', 'C4']);
export type Criticality = z.infer<typeof criticality>;
export const severity = z.enum(['S1', 'S2', 'S3', 'S4']);
export const changeKind = z.enum(['service', 'maintenance']);

const stepFields = {
  name: name.describe('Unique within its list.'),
  before: z.array(check).default([]).describe('What must hold before the step; measured at once before it.'),
  command: argv.optional(),
  script: script.optional(),
  shell: text.optional().describe('A line for `/bin/sh -c`; said explicitly, reviewed as such.'),
  manual: manual.optional(),
  wait: duration.optional(),
  env: z.record(variable, z.string()).default({}),
  passEnv: z.array(variable).default([]).describe('Variables of the bastion that the step may see.'),
  after: z.array(check).default([]).describe('What must hold after the step.'),
  estimate: duration,
  timeout: duration.describe('Longest run time; past it the step is cancelled and has failed.'),
  idempotent: z.boolean().default(false),
  probe: check.optional().describe('Read-only: did the step happen already?'),
  interruptible: z.boolean().default(false),
  safeStop: z.boolean().default(true).describe('Whether the change may rest after this step.'),
  onCancel: argv.optional(),
  // Without a default, so that a plan which has none keeps the digest that it always had.
  dryRun: argv
    .optional()
    .describe('The dry form of a command or a shell line: executed by a dry run, by its arguments.'),
};

/** What a step does: exactly one of these. */
export const ACTIONS = ['command', 'script', 'shell', 'manual', 'wait'] as const;
export type ActionKind = (typeof ACTIONS)[number];
const oneAction = exactlyOneOf(ACTIONS);
const oneActionOrWord = exactlyOneOf([...ACTIONS, 'approval']);

/** A part of the monitoring that a step takes away for a while (POLICY section 7). */
const blindWindow = z
  .strictObject({
    parts: z.array(z.enum(MONITORING_PARTS)).min(1),
    lasts: duration.describe('From the first grant of the step on; then it closes by itself.'),
  })
  .describe('The one window of the run in which these parts need not be proven alive.');

/** One step of a plan. Only here may a run wait for a word: a way back waits for nobody. */
export const step = z
  .strictObject({
    ...stepFields,
    approval: approval.optional(),
    undo: undo.optional(),
    blind: blindWindow.optional(),
  })
  .refine(oneActionOrWord.exactlyOne, oneActionOrWord.otherwise)
  .meta(oneActionOrWord.jsonSchema);
export type Step = z.infer<typeof step>;

/** One step of the rollback. */
export const rollbackStep = z
  .strictObject(stepFields)
  .refine(oneAction.exactlyOne, oneAction.otherwise)
  .meta(oneAction.jsonSchema);
export type RollbackStep = z.infer<typeof rollbackStep>;

/** A metric watched while the change runs, and the value that means roll back. */
export const watchedMetric = z.strictObject({
  name,
  prometheus: prometheusMeasure,
  graph: text.describe('Where it is drawn.'),
  expect: expectation.describe('The success range.'),
  rollBackWhen: expectation.describe('The failure range: the value that means roll back.'),
});
export type WatchedMetric = z.infer<typeof watchedMetric>;

const uniqueNames = (items: readonly { name: string }[], context: z.RefinementCtx) => {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(item.name)) {
      context.addIssue({
        code: 'custom',
        path: [index, 'name'],
        message: `expected a name of its own, got \`${item.name}\` a second time`,
      });
    }
    seen.add(item.name);
  });
};

const slot = z
  .strictObject({ start: instant, end: instant })
  .refine(({ start, end }) => start < end, {
    error: 'expected `end` to be after `start`, got one that is not',
    path: ['end'],
  })
  .describe('The slot that is proposed, half open. What counts is the slot that the request is given.');

/**
 * A change plan as a person writes it (POLICY section 2). Durations are read into milliseconds, instants into epoch
 * milliseconds. Lists that a policy asks for may be empty here: what a plan lacks is the linter's and the verdict's to say.
 */
export const planFile = z.strictObject({
  interlock: z.literal('plan/1').describe('The format and its version.'),
  title: text.max(200).describe('One line for people. Not part of what an approval is bound to.'),
  description: z
    .string()
    .default('')
    .describe('Free text for people. Not part of what an approval binds to.'),
  objective: text.describe('What will be true afterwards.'),
  reason: text.describe('Why it has to be done.'),
  author: person
    .nullable()
    .default(null)
    .describe('Who wrote the plan, if it says so. What counts is who opened the request.'),
  reviewers: z.array(person).default([]).describe('Who is asked to review. The author never counts.'),
  slot: slot.nullable().default(null),
  procedure: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,99}$/, {
      error: 'expected the name of a procedure: lower-case letters, digits and dashes, such as `dns-record`',
    })
    // Without a default, so that a plan which names none keeps the digest that it always had.
    .optional()
    .describe('The procedure that it was made from; its runs are evidence for it.'),
  environment: text.describe('The operational environment, by its name in the policy.'),
  services: z.array(text).min(1).describe('The services that are touched.'),
  topics: z.array(text).default([]).describe('Topics of the policy that set the least criticality.'),
  kind: changeKind,
  deployment: z
    .enum(['canary', 'production'])
    .nullable()
    .default(null)
    .describe('The stage, if it ships code.'),
  monthlyRelease: z.boolean().default(false),
  criticality: criticality.describe('How much ceremony; C1 is the highest.'),
  severity: severity.describe('How bad it would be if it failed; S1 is the worst.'),
  downtime: duration.describe('Expected downtime; `0 min` for none.'),
  impact: text.describe('What users and services will notice.'),
  testedBefore: text.describe('Where this was tested before, and how that went.'),
  team: z.array(person).min(1).describe('Who carries the change out.'),
  executor: person,
  emoc: person.nullable().default(null).describe('The tactical lead.'),
  cmoc: person.nullable().default(null).describe('The communications manager.'),
  bridge: z.url().nullable().default(null).describe('The link of the change bridge, a call.'),
  resolvesIncident: z.string().nullable().default(null).describe('The active incident that it resolves.'),
  estimate: z.strictObject({
    steps: duration.describe('At least the sum of the estimates of the steps.'),
    rollback: duration.describe('At least the sum of the estimates of the rollback steps.'),
  }),
  targets: z
    .array(target)
    .superRefine(uniqueNames)
    .describe('Everything that is touched: a frozen, counted list by name. No patterns.'),
  // Without a default, as every field that came later: a plan without it keeps the digest that it always had.
  targetsFrom: targetsFrom
    .optional()
    .describe('What lists the targets; asked again before the start, which any difference stops.'),
  assumptions: z
    .array(
      z.union(
        [
          z.strictObject({ text, check: name.describe('The pre-flight check that proves it.') }),
          z.strictObject({ text, exception: text.describe('Why no check can prove it.') }),
        ],
        {
          error: ({ input }) =>
            `expected \`text\` with either \`check\` or \`exception\`, got ${fieldsText(input)}`,
        },
      ),
    )
    .describe('What must be true of the environment for this change to work.'),
  preflight: z.array(preflightCheck).superRefine(uniqueNames).describe('Measured before the first step.'),
  steps: z.array(step).min(1).superRefine(uniqueNames),
  postchecks: z.array(check).superRefine(uniqueNames).describe('The new state, measured, on every target.'),
  rollback: z.strictObject({
    steps: z.array(rollbackStep).superRefine(uniqueNames),
    triggers: z.array(trigger).min(1).optional().describe('When it is rolled back.'),
    pointOfNoReturn: z
      .strictObject({ after: name.describe('The point lies right after this step.'), reason: text })
      .nullable()
      .default(null),
  }),
  watch: z.array(watchedMetric).superRefine(uniqueNames),
  watching: watching
    .optional()
    .describe('How long it is watched once it is complete, and what is measured then.'),
  communication: z
    .array(
      z.strictObject({
        audience: z.enum(['end-users', 'executive-staff', 'support', 'all-employees', 'change-channel']),
        every: duration.optional(),
        start: text,
        end: text,
      }),
    )
    .default([]),
  dryRunMayDiffer: z
    .array(mayDiffer)
    .max(50)
    // Without a default, like `procedure`.
    .optional()
    .describe(
      'What may differ when the dry run is repeated before the start; everything else holds the start.',
    ),
  exceptions: z
    .array(z.strictObject({ rule: text.describe('A rule of the policy, by its id.'), reason: text }))
    .default([])
    .describe('Rules that cannot be kept, and why. A reviewer other than the author approves each.'),
});

/** A plan after reading: every default filled in, every duration and instant in milliseconds. */
export type Plan = z.infer<typeof planFile>;
