import { z } from 'zod';
import { duration } from './duration.ts';
import { exactlyOneOf } from './exactly-one.ts';

const name = z.string().trim().min(1).max(120);
const argv = z
  .array(z.string())
  .min(1)
  .max(2_000)
  .describe('A program and its arguments; never a shell string.');

/** Longer than any query that people read; how deep it nests is bounded by it too. */
const promql = z.string().min(1).max(4_000);

const comparable = z.union([z.number(), z.string(), z.boolean()], {
  error: 'expected a number, a text, `true` or `false`',
});

/** What a measured value is compared with; every operator given must hold. */
export const expectation = z
  .strictObject({
    equals: comparable.optional(),
    notEquals: comparable.optional(),
    below: z.number().optional(),
    atMost: z.number().optional(),
    above: z.number().optional(),
    atLeast: z.number().optional(),
  })
  .refine((value) => Object.keys(value).length > 0, {
    error: 'expected at least one of `equals`, `notEquals`, `below`, `atMost`, `above`, `atLeast`, got none',
  })
  .meta({ minProperties: 1 });
export type Expectation = z.infer<typeof expectation>;

/** Parameters of a metric check: `SAFETY` section 3. Every default is the strict one. */
export const prometheusMeasure = z.strictObject({
  query: promql.describe('PromQL; one instant vector or scalar.'),
  series: z.number().int().min(1).default(1).describe('How many series the answer must have.'),
  labels: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of a label' }), z.string())
    .default({})
    .describe('Labels that every series of the answer must bear.'),
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

const postgresMeasure = z.strictObject({
  urlFrom: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, {
      error: 'expected the name of an environment variable, such as `SHOP_DATABASE_URL`',
    })
    .describe(
      'Environment variable of the bastion that holds the connection address. The address itself never stands in a plan.',
    ),
  query: z.string().min(1).max(20_000).describe('One statement that answers one row with one column.'),
  timeout: duration.prefault('10 s'),
});

const httpMeasure = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  measure: z.enum(['status', 'body', 'latencyMs']).default('status'),
  timeout: duration.prefault('10 s'),
});

const tcpMeasure = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535),
  timeout: duration.prefault('5 s'),
});

const commandMeasure = z.strictObject({
  argv,
  measure: z
    .enum(['status', 'stdout', 'number'])
    .default('status')
    .describe('`status` speaks the Nagios plugin protocol.'),
  timeout: duration.prefault('30 s'),
});

const checkFields = {
  name: name.describe('Unique within its list.'),
  postgres: postgresMeasure.optional(),
  prometheus: prometheusMeasure.optional(),
  http: httpMeasure.optional(),
  tcp: tcpMeasure.optional(),
  command: commandMeasure.optional(),
  targets: z.array(z.string()).default([]).describe('Names of the targets that this check covers.'),
  expect: expectation.optional().describe('The success range.'),
  failWhen: expectation.optional().describe('The failure range; what lies in neither range is inconclusive.'),
};

export const MEASURES = ['postgres', 'prometheus', 'http', 'tcp', 'command'] as const;
export type MeasureKind = (typeof MEASURES)[number];

const oneMeasure = exactlyOneOf(MEASURES);

/** One measurable check of a plan: what is measured, and what the value has to be. */
export const check = z
  .strictObject(checkFields)
  .refine(oneMeasure.exactlyOne, oneMeasure.otherwise)
  .meta(oneMeasure.jsonSchema);
export type Check = z.infer<typeof check>;

/** A pre-flight check may name what was reviewed to put its failure right; it is measured again afterwards. */
export const preflightCheck = z
  .strictObject({ ...checkFields, corrective: argv.optional() })
  .refine(oneMeasure.exactlyOne, oneMeasure.otherwise)
  .meta(oneMeasure.jsonSchema);
export type PreflightCheck = z.infer<typeof preflightCheck>;

/** `inconclusive`: no, partial, stale or NaN data, a warning, a value between the ranges. `error`: transport, 4xx, 5xx, parse. */
export const measurementVerdict = z.enum(['pass', 'fail', 'inconclusive', 'error']);
export type MeasurementVerdict = z.infer<typeof measurementVerdict>;

/** One measurement with the raw answer kept as evidence. */
export const measurement = z.strictObject({
  verdict: measurementVerdict,
  value: z.union([z.number(), z.string(), z.boolean(), z.null()]),
  because: z.string().describe('What was wanted and what was seen, in one sentence.'),
  raw: z.string().max(65_536).describe('The raw answer, cut to size.'),
  measuredAt: z.iso.datetime(),
});
export type Measurement = z.infer<typeof measurement>;

/** A check's outcome as the kernel reads it, with the measurements it rests on. */
export const checkResult = z.strictObject({
  name: z.string(),
  verdict: z.enum(['pass', 'fail', 'unknown']),
  because: z.string(),
  measurements: z.array(measurement),
});
export type CheckResult = z.infer<typeof checkResult>;
