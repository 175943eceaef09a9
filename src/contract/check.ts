import { z } from 'zod';
import { exactlyOneOf } from './exactly-one.ts';
import {
  commandMeasure,
  countMeasure,
  fileMeasure,
  portMeasure,
  postgresMeasure,
  processMeasure,
} from './measure-host.ts';
import { alertmanagerMeasure, inventoryMeasure, prometheusMeasure } from './measure-monitoring.ts';
import { dnsMeasure, httpMeasure, tcpMeasure, tlsMeasure, zoneMeasure } from './measure-network.ts';

const name = z.string().trim().min(1).max(120);
const argv = z
  .array(z.string())
  .min(1)
  .max(2_000)
  .describe('A program and its arguments; never a shell string.');

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

export const checkFields = {
  name: name.describe('Unique within its list.'),
  postgres: postgresMeasure.optional(),
  prometheus: prometheusMeasure.optional(),
  http: httpMeasure.optional(),
  tcp: tcpMeasure.optional(),
  command: commandMeasure.optional(),
  tls: tlsMeasure.optional(),
  dns: dnsMeasure.optional(),
  zone: zoneMeasure.optional(),
  count: countMeasure.optional(),
  file: fileMeasure.optional(),
  process: processMeasure.optional(),
  port: portMeasure.optional(),
  alertmanager: alertmanagerMeasure.optional(),
  inventory: inventoryMeasure.optional(),
  targets: z.array(z.string()).default([]).describe('Names of the targets that this check covers.'),
  expect: expectation.optional().describe('The success range.'),
  failWhen: expectation.optional().describe('The failure range; what lies in neither range is inconclusive.'),
};

export const MEASURES = [
  'postgres',
  'prometheus',
  'http',
  'tcp',
  'command',
  'tls',
  'dns',
  'zone',
  'count',
  'file',
  'process',
  'port',
  'alertmanager',
  'inventory',
] as const;
export type MeasureKind = (typeof MEASURES)[number];

export const oneMeasure = exactlyOneOf(MEASURES);

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
