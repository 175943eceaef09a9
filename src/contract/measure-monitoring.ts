import { z } from 'zod';
import { duration } from './duration.ts';
import { exactlyOneOf } from './exactly-one.ts';

const MOST_POINTS = 1_000;

/** Longer than any query that people read; how deep it nests is bounded by it too. */
const promql = z.string().min(1).max(4_000);

const labels = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of a label' }),
  z.string(),
);

const range = z
  .strictObject({
    over: duration.describe('How far back from now.'),
    step: duration.describe('The time between two points.'),
  })
  .refine(({ over, step }) => step > 0 && over >= step && over / step <= MOST_POINTS, {
    error: `expected \`over\` to be 1 to ${MOST_POINTS} times \`step\`, got another`,
  })
  .describe('Judges every point of a span of time instead of the one of now: each must pass.');

/** Parameters of a metric check: `SAFETY` section 3. Every default is the strict one. */
export const prometheusMeasure = z.strictObject({
  query: promql.describe('PromQL; one instant vector or scalar.'),
  // Without a default: a plan without it keeps the digest that it always had.
  range: range.optional(),
  series: z.number().int().min(1).default(1).describe('How many series the answer must have.'),
  labels: labels.default({}).describe('Labels that every series of the answer must bear.'),
  interval: duration.prefault('1 s').describe('Time between two measurements.'),
  count: z.number().int().min(1).default(1).describe('How many measurements make the verdict.'),
  initialDelay: duration
    .prefault('0 s')
    .describe('Wait before the first measurement; at least the rate window.'),
  failureLimit: z.number().int().min(0).default(0).describe('Failed measurements tolerated.'),
  inconclusiveLimit: z.number().int().min(0).default(0).describe('Inconclusive measurements tolerated.'),
  consecutiveErrorLimit: z.number().int().min(1).default(3).describe('Errors in a row that end the check.'),
  maxSampleAge: duration.prefault('15 s').describe('Age from which the newest sample is stale.'),
  traffic: z
    .strictObject({ query: promql, atLeast: z.number() })
    .optional()
    .describe(
      'A second query that proves there was traffic to judge by; below it the check is inconclusive.',
    ),
});
export type PrometheusMeasure = z.infer<typeof prometheusMeasure>;

const someLabels = labels
  .refine((value) => Object.keys(value).length > 0, { error: 'expected at least one label, got none' })
  .meta({ minProperties: 1 });

export const alertmanagerMeasure = z.strictObject({
  labels: someLabels.describe('Labels that an alert must bear to be meant, each of them.'),
  measure: z
    .enum(['firing', 'silences'])
    .default('firing')
    .describe('The alerts that fire, or the silences in force that could hide one of them; each is listed.'),
  suppressed: z
    .enum(['unclear', 'allowed'])
    .default('unclear')
    .describe('What an alert is that fires, but is silenced or inhibited. It is listed either way.'),
  heartbeat: z
    .strictObject({ labels: someLabels, maxAge: duration })
    .prefault({ labels: { alertname: 'Watchdog' }, maxAge: '3 min' })
    .describe('The alert that always fires: without a fresh one, no alert means nothing.'),
  timeout: duration.prefault('10 s'),
});
export type AlertmanagerMeasure = z.infer<typeof alertmanagerMeasure>;

const oneSource = exactlyOneOf(['prometheus', 'file', 'command']);
const NAME_OF_LABEL = z.string().regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of a label' });

export const inventoryMeasure = z
  .strictObject({
    prometheus: z
      .strictObject({
        query: promql.describe('PromQL with one series for each host, such as `up{job="node"}`.'),
        host: NAME_OF_LABEL.default('instance').describe(
          'The label that names the host; a port is left out.',
        ),
        environment: NAME_OF_LABEL.default('environment'),
      })
      .optional(),
    file: z
      .string()
      .regex(/^\//, { error: 'expected the absolute path of a file' })
      .optional()
      .describe('A file of the bastion: a host and its environment on each line.'),
    command: z
      .array(z.string())
      .min(1)
      .max(2_000)
      .optional()
      .describe('A program and its arguments that writes a host and its environment on each line.'),
    complete: z
      .boolean()
      .default(false)
      .describe('Whether the inventory may know no other host of these environments.'),
    timeout: duration.prefault('30 s'),
  })
  .refine(oneSource.exactlyOne, oneSource.otherwise)
  .meta(oneSource.jsonSchema)
  .describe(
    'Each target of the check, or of the plan where the check names none, in its environment. The value is the number that are not.',
  );
export type InventoryMeasure = z.infer<typeof inventoryMeasure>;
