import { z } from 'zod';
import { check, expectation, preflightCheck, prometheusMeasure } from './check.ts';
import { duration } from './duration.ts';

const text = z.string().trim().min(1);
const name = z.string().trim().min(1).max(120);
const person = z
  .string()
  .regex(/^[a-z][a-z0-9._-]*$/, { error: "expected a person's account name, such as `ana`" });
const argv = z.array(z.string()).min(1).describe('A program and its arguments; never a shell string.');

export const criticality = z.enum(['C1', 'C2', 'C3', 'C4']);
export const severity = z.enum(['S1', 'S2', 'S3', 'S4']);
export const changeKind = z.enum(['service', 'maintenance']);

const script = z.strictObject({
  path: text.describe('Path of the script, relative to the plan file.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'expected the SHA-256 of the script, 64 hexadecimal digits' }),
  interpreter: argv
    .optional()
    .describe('What runs it, such as `[node]`; without it the script itself is executed.'),
  arguments: z.array(z.string()).default([]),
  dryRun: z
    .array(z.string())
    .optional()
    .describe('The arguments that make it a dry run, instead of `arguments`.'),
});

const manual = z.strictObject({
  instructions: text,
  confirm: text.describe('What the executor states when it is done.'),
});

const undo = z
  .union([
    z.strictObject({ step: name.describe('The rollback step that undoes this one.') }),
    z.strictObject({ nothing: text.describe('Why there is nothing to undo.') }),
  ])
  .describe('How this step is undone.');

const stepFields = {
  name,
  before: z.array(check).default([]).describe('What must hold before the step; measured at once before it.'),
  command: argv.optional(),
  script: script.optional(),
  shell: text.optional().describe('A line for `/bin/sh -c`; said explicitly, reviewed as such.'),
  manual: manual.optional(),
  wait: duration.optional(),
  env: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).default({}),
  passEnv: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/))
    .default([])
    .describe('Variables of the bastion that the step may see.'),
  after: z.array(check).default([]).describe('What must hold after the step.'),
  estimate: duration,
  timeout: duration.describe('Longest run time; past it the step is cancelled and has failed.'),
  idempotent: z.boolean().default(false),
  probe: check.optional().describe('Read-only: did the step happen already?'),
  interruptible: z.boolean().default(false),
  safeStop: z.boolean().default(true).describe('Whether the change may rest after this step.'),
  onCancel: argv.optional(),
};

const ACTIONS = ['command', 'script', 'shell', 'manual', 'wait'] as const;
const exactlyOneAction = (value: Partial<Record<(typeof ACTIONS)[number], unknown>>) =>
  ACTIONS.filter((kind) => value[kind] !== undefined).length === 1;
const oneAction = { error: `expected exactly one of ${ACTIONS.map((kind) => `\`${kind}\``).join(', ')}` };

/** One step of a plan. */
export const step = z.strictObject({ ...stepFields, undo }).refine(exactlyOneAction, oneAction);
export type Step = z.infer<typeof step>;

/** One step of the rollback. */
export const rollbackStep = z.strictObject(stepFields).refine(exactlyOneAction, oneAction);
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

/**
 * A change plan as a person writes it (POLICY section 2). Durations are read into milliseconds.
 * Lists that a policy asks for may be empty here: what a plan lacks is the linter's and the verdict's to say.
 */
export const planFile = z.strictObject({
  interlock: z.literal('plan/1').describe('The format and its version.'),
  title: text.max(200),
  description: z.string().default(''),
  objective: text,
  reason: text,
  environment: text,
  services: z.array(text).min(1),
  topics: z.array(text).default([]),
  kind: changeKind,
  deployment: z.enum(['canary', 'production']).nullable().default(null),
  monthlyRelease: z.boolean().default(false),
  criticality,
  severity,
  downtime: duration.describe('Expected downtime; `0 min` for none.'),
  impact: text,
  testedBefore: text.describe('Where this was tested before, and how that went.'),
  team: z.array(person).min(1),
  executor: person,
  emoc: person.nullable().default(null),
  cmoc: person.nullable().default(null),
  bridge: z.url().nullable().default(null),
  resolvesIncident: z.string().nullable().default(null),
  estimate: z.strictObject({ steps: duration, rollback: duration }),
  targets: z
    .array(z.strictObject({ name, type: text, environment: text.optional() }))
    .superRefine(uniqueNames),
  assumptions: z.array(
    z.union([
      z.strictObject({ text, check: name.describe('The pre-flight check that proves it.') }),
      z.strictObject({ text, exception: text.describe('Why no check can prove it.') }),
    ]),
  ),
  preflight: z.array(preflightCheck).superRefine(uniqueNames),
  steps: z.array(step).min(1).superRefine(uniqueNames),
  postchecks: z.array(check).superRefine(uniqueNames),
  rollback: z.strictObject({
    steps: z.array(rollbackStep).superRefine(uniqueNames),
    pointOfNoReturn: z.strictObject({ after: name, reason: text }).nullable().default(null),
  }),
  watch: z.array(watchedMetric).superRefine(uniqueNames),
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
  exceptions: z.array(z.strictObject({ rule: text, reason: text })).default([]),
});

/** A plan after reading: every default filled in, every duration in milliseconds. */
export type Plan = z.infer<typeof planFile>;
