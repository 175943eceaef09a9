import { z } from 'zod';
import { PARTS, PROBES } from '../kernel/verify/probe.ts';
import { VERDICTS } from '../kernel/verify/verdict.ts';
import { duration } from './duration.ts';

/** A raw answer is kept up to this many characters; `bytes` says how long it was. */
export const RAW_LIMIT = 65_536;

const labels = z.record(z.string(), z.string());

/**
 * How the monitoring platform has to prove that it lives (SAFETY section 2). Every default is the strict one; what differs between
 * companies is said here and nowhere else.
 */
export const monitoringSettings = z.strictObject({
  timeout: duration
    .prefault('1500 ms')
    .describe('Longest time of a whole proof; what is unanswered then is unknown.'),
  clockTolerance: duration
    .prefault('5 s')
    .describe("How far the clocks of Prometheus and Alertmanager may be from the database's."),
  job: z
    .string()
    .min(1)
    .default('prometheus')
    .describe('Name of the job by which Prometheus scrapes itself.'),
  scrapeInterval: duration
    .nullable()
    .default(null)
    .describe('Scrape interval of that job; `null`: as Prometheus says itself.'),
  sampleAgeIntervals: z
    .number()
    .positive()
    .default(2.5)
    .describe('Scrape intervals under which the newest sample of Prometheus itself has to be.'),
  targetLabels: z
    .array(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/))
    .min(1)
    .default(['target', 'instance'])
    .describe('Labels of `up` of which one bears the name of a target, with or without a port.'),
  environmentLabel: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/)
    .default('environment')
    .describe('Label of `up` that says in which environment a target is.'),
  flapping: z
    .strictObject({
      window: duration.prefault('10 min').describe('Time in which nothing may have been down.'),
      coverage: z
        .number()
        .gt(0)
        .max(1)
        .default(0.9)
        .describe('Share of the scrapes due in the window that must have been made.'),
      samples: z.number().int().min(2).default(5).describe('Fewest samples that prove anything.'),
    })
    .prefault({}),
  ruleIntervals: z
    .number()
    .positive()
    .default(2)
    .describe('Intervals of a rule group within which it must have been evaluated.'),
  resendDelay: duration
    .nullable()
    .default(null)
    .describe("Prometheus's `--rules.alert.resend-delay`; `null`: as Prometheus says itself."),
  watchdog: z
    .strictObject({
      alert: z.string().min(1).default('Watchdog').describe('Name of the alert that always fires.'),
      labels: labels.default({}).describe("Further labels that tell ours from another Prometheus's."),
      resendDelays: z
        .number()
        .positive()
        .default(2)
        .describe('Resend delays within which Alertmanager must have got it again.'),
      notifiedWithin: duration
        .nullable()
        .default(null)
        .describe('Repeat interval of its notification to our own webhook; `null`: there is none.'),
    })
    .prefault({}),
  alertmanagerAlone: z
    .boolean()
    .default(false)
    .describe('Whether Alertmanager runs alone by configuration: its cluster is then `disabled`.'),
  allowedWarnings: z
    .array(z.string().min(1))
    .default([])
    .describe('Warnings of Prometheus that say nothing against it, word by word.'),
});
/** The settings with every default filled in and every duration in milliseconds. */
export type MonitoringSettings = z.infer<typeof monitoringSettings>;

/** The strict settings that hold where nothing is said. */
export const strictMonitoring = (): MonitoringSettings => monitoringSettings.parse({});

/** One answer of the outside, as evidence. */
export const rawAnswer = z.strictObject({
  request: z.string().describe('Method, path and parameters; never a host or a credential.'),
  status: z.number().int().nullable().describe('HTTP status, or `null` if there was no answer.'),
  body: z.string().max(RAW_LIMIT).describe('The body, cut to size; or why there was no answer.'),
  bytes: z.number().int().min(0).describe('Length of the whole body as far as it was read.'),
});
export type RawAnswer = z.infer<typeof rawAnswer>;

/** One probe of the proof: M1 to M13 of SAFETY section 2, each with what it rests on. */
export const probeResult = z.strictObject({
  probe: z.enum(PROBES),
  part: z.enum(PARTS).describe('Whose proof it counts for.'),
  verdict: z.enum(VERDICTS),
  because: z.string().describe('What was wanted and what was seen, in one sentence.'),
  tookMs: z.number().min(0),
  raw: z.array(rawAnswer),
});
export type ProbeResult = z.infer<typeof probeResult>;

/** The proof that monitoring lives, or does not. */
export const monitoringProof = z.strictObject({
  prometheus: z.enum(VERDICTS),
  alertmanager: z.enum(VERDICTS),
  thanos: z.enum(VERDICTS),
  probes: z.array(probeResult),
  places: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe('Environments in which monitoring sees each target of the plan; none where it does not say.'),
  provedAt: z.iso.datetime().describe("When the proof was begun, by the database's clock."),
});
export type MonitoringProof = z.infer<typeof monitoringProof>;

/** What was proven last, by environment. */
export const monitoringAnswer = z
  .strictObject({
    configured: z.boolean().describe('Whether there is anything that can prove it.'),
    environments: z.array(
      z.strictObject({
        name: z.string(),
        parts: z.array(z.enum(PARTS)).describe('The parts that have to be proven alive there.'),
        proof: z
          .strictObject({
            provedAt: z.iso.datetime(),
            counts: z.boolean().describe('Whether it is young enough to count in a decision.'),
            probes: z.array(probeResult),
          })
          .nullable()
          .describe('`null` where nothing was proven yet.'),
      }),
    ),
  })
  .meta({ id: 'MonitoringProofs' });
export type MonitoringAnswer = z.infer<typeof monitoringAnswer>;
