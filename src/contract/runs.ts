import { z } from 'zod';
import { RUN_ACTS } from '../kernel/run/acts.ts';
import { HOLD_CAUSES } from '../kernel/run/hold.ts';
import { FAILURE_POINTS, SETTLEMENTS } from '../kernel/run/snapshot.ts';
import { RUN_PHASES, RUN_STATES, STEP_LISTS, STEP_STATES } from '../kernel/run/state.ts';
import { checkResult } from './check.ts';
import { executionResult, sha256Digest } from './execution.ts';
import { resolvedTargets } from './plan-targets.ts';

export const runId = z.string().regex(/^RUN-[1-9]\d{0,17}$/, { error: 'expected a run such as `RUN-7`' });
const idempotencyKey = z
  .string()
  .regex(/^[\w.:-]{8,120}$/)
  .describe('Made by the client for one intention; the same key gets the same answer.');
const position = z.number().int().min(0).max(9_999);
const epoch = z.number().int().min(1);
const clock = z.number().describe("The runner's clock, epoch milliseconds; only its skew is looked at.");
const because = z.string().max(2_000);
const multiplexer = z.enum(['tmux', 'screen']).nullable();

/** What the runner's user may do on its host; not said is not plain. */
const privileges = z
  .enum(['none', 'sudo', 'root'])
  .describe(
    'Whether the runner is root, or may become it without a password: only on a host that is excepted.',
  );

/** What a person sends to start a run, from the bastion. */
export const startRun = z.strictObject({
  idempotencyKey,
  multiplexer,
  clock,
  privileges,
  acknowledges: z.array(z.string()).max(1_000).default([]).describe('Running changes the starter knows of.'),
  resolved: resolvedTargets
    .nullable()
    .default(null)
    .describe("The targets as the plan's `targetsFrom` lists them on the bastion now."),
});
export type StartRun = z.infer<typeof startRun>;

/** What a person sends to put a new runner in the place of one that was lost. */
export const takeOverRun = z.strictObject({ idempotencyKey, multiplexer, clock, privileges });
export type TakeOverRun = z.infer<typeof takeOverRun>;

/** A standing hold, as people see it. */
export const holdView = z.strictObject({
  cause: z.enum(HOLD_CAUSES),
  because,
  rules: z.array(z.string()),
  since: z.iso.datetime(),
  by: z.string().nullable(),
  needsPerson: z.boolean().describe('Whether it waits for a person rather than for the verdict to pass.'),
  passes: z.number().int().min(0).describe('Allowed verdicts in a row since.'),
});
export type HoldView = z.infer<typeof holdView>;

export const stepView = z.strictObject({
  list: z.enum(STEP_LISTS),
  position,
  name: z.string(),
  state: z.enum(STEP_STATES),
  attempts: z.number().int().min(0),
  because: because.nullable(),
  failedAt: z.enum(FAILURE_POINTS).nullable(),
  settlement: z.enum(SETTLEMENTS).nullable(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type StepView = z.infer<typeof stepView>;

/** A run as everybody may see it. */
export const runView = z.strictObject({
  id: runId,
  change: z.string(),
  state: z.enum(RUN_STATES),
  phase: z.enum(RUN_PHASES),
  epoch,
  version: z.number().int().min(0).describe('Grows with every change of the run.'),
  planDigest: sha256Digest,
  executor: z.string(),
  host: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  hold: holdView.nullable(),
  holdWanted: z.boolean(),
  runnerAlive: z.boolean(),
  takeOverFrom: z.iso.datetime().nullable().describe('From when on a new runner may take it over.'),
  steps: z.array(stepView),
});
export type RunView = z.infer<typeof runView>;

/** How long the runner may work without hearing from the server, and how often it speaks. */
export const leaseTerms = z.strictObject({
  leaseMs: z.number().int().min(1),
  killGraceMs: z.number().int().min(0),
  heartbeatMs: z.number().int().min(1),
  askAgainMs: z.number().int().min(1),
  watchEveryMs: z.number().int().min(1),
});
export type LeaseTerms = z.infer<typeof leaseTerms>;

/** The answer to a start or a take-over: the plan exactly as approved; the runner digests it itself. */
export const runnerCharter = z.strictObject({
  run: runView,
  person: z.string().describe('Who executes: whose token asked.'),
  terms: leaseTerms,
  plan: z.strictObject({
    text: z.string(),
    file: z.string(),
    digest: sha256Digest,
    scripts: z.record(z.string(), z.string()).describe('Text of each script by its path in the plan.'),
  }),
  skew: z.enum(['fine', 'warns', 'refuses']),
});
export type RunnerCharter = z.infer<typeof runnerCharter>;

const checks = z.array(checkResult).max(1_000);
/** The most of an output that goes along with its report; a longer one is handed in by itself. */
export const INLINE_OUTPUT_BYTES = 64 * 1_024;
/** Name of a file that a runner hands in. */
export const fileName = z.string().regex(/^\w[\w.-]{0,199}$/);
const output = z
  .strictObject({ name: fileName, bytes: z.base64().max(Math.ceil(INLINE_OUTPUT_BYTES / 3) * 4) })
  .nullable()
  .default(null)
  .describe('What it printed, as far as it was kept, where that is little.');

/** What the runner has to say since it last asked. */
export const runReport = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('preflight'), results: checks }),
  z.strictObject({
    kind: z.literal('corrective'),
    grant: z.string(),
    executions: z.array(z.strictObject({ check: z.string(), execution: executionResult, output })).max(1_000),
  }),
  z.strictObject({
    kind: z.literal('step'),
    grant: z.string(),
    list: z.enum(STEP_LISTS),
    position,
    before: checks,
    execution: executionResult.nullable(),
    output,
    after: checks,
  }),
  z.strictObject({ kind: z.literal('recheck'), list: z.enum(STEP_LISTS), position, after: checks }),
  z.strictObject({ kind: z.literal('probe'), list: z.enum(STEP_LISTS), position, result: checkResult }),
  z.strictObject({ kind: z.literal('postchecks'), results: checks }),
]);
export type RunReport = z.infer<typeof runReport>;
/** An output that goes along with its report; `null` where there is none, or it is handed in by itself. */
export type InlineOutput = z.infer<typeof output>;

/** The runner asks what to do next, and reports what it did: one request a step. */
export const advanceRun = z.strictObject({
  epoch,
  clock,
  multiplexer,
  request: idempotencyKey.describe('The same request again gets the same grant.'),
  report: runReport.nullable(),
  watched: checks.describe('The watched metrics, measured just now.'),
  since: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      'The version of the run that the runner has: the answer then names the steps that changed since.',
    ),
});
export type AdvanceRun = z.infer<typeof advanceRun>;

const place = { list: z.enum(STEP_LISTS), position };
const grantView = z.strictObject({
  id: z.string(),
  segment: z.number().int().min(0),
  attempt: z.number().int().min(1),
  epoch,
  expiresInMs: z.number().int(),
});

/** What the runner is to do now. Only `step` and `correct` execute anything. */
export const instruction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('preflight') }),
  z.strictObject({ kind: z.literal('correct'), checks: z.array(z.string()), grant: grantView }),
  z.strictObject({ kind: z.literal('step'), ...place, attempt: z.number().int().min(1), grant: grantView }),
  z.strictObject({ kind: z.literal('recheck'), ...place }),
  z.strictObject({ kind: z.literal('probe'), ...place }),
  z.strictObject({ kind: z.literal('postchecks') }),
  z.strictObject({ kind: z.literal('hold'), askAgain: z.boolean() }),
  z.strictObject({ kind: z.literal('end') }),
]);
export type Instruction = z.infer<typeof instruction>;

/** A rule that stands against going on, shown to the people who wait. */
export const denialView = z.strictObject({ rule: z.string(), verdict: z.enum(['deny', 'unknown']), because });
export type DenialView = z.infer<typeof denialView>;

export const advanceAnswer = z.strictObject({
  run: runView,
  instruction,
  denials: z.array(denialView),
  skew: z.enum(['fine', 'warns', 'refuses']),
});
export type AdvanceAnswer = z.infer<typeof advanceAnswer>;

/** The runner is alive. `working` names the step it executes. */
export const heartbeat = z.strictObject({
  epoch,
  clock,
  multiplexer,
  working: z.strictObject({ ...place, grant: z.string() }).nullable(),
  watched: checks,
});
export type Heartbeat = z.infer<typeof heartbeat>;

export const heartbeatAnswer = z.strictObject({
  state: z.enum(RUN_STATES),
  version: z.number().int().min(0),
  stop: z
    .strictObject({ because })
    .nullable()
    .describe('Take hold at once: stop an interruptible step, let any other finish.'),
  denials: z.array(denialView),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;

/** The runner goes, with nothing under way. */
export const leaveRun = z.strictObject({ epoch, because });

export const holdRun = z.strictObject({
  because: z.string().trim().min(1).max(1_000),
  now: z.boolean().default(false).describe('At once rather than at the next safe place to stop.'),
});
export const personsWord = z.strictObject({ because: z.string().trim().min(1).max(1_000) });
export const settleStep = z.strictObject({
  ...place,
  settlement: z.enum(SETTLEMENTS),
  statement: z.string().trim().min(1).max(4_000).describe('How the person knows.'),
});

/** The hand-off note after a maintenance change, for the next on-call person. */
export const handOff = z.strictObject({
  state: z.string().trim().min(1).max(4_000).describe('How it ended.'),
  silences: z
    .array(z.string().trim().min(1).max(1_000))
    .max(1_000)
    .describe('Alerts silenced and still silent.'),
  graphs: z.array(z.string().trim().min(1).max(1_000)).max(1_000).describe('Graphs to watch.'),
});
export type HandOff = z.infer<typeof handOff>;

export const runAct = z.enum(RUN_ACTS);
