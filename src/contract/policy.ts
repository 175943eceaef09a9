import { z } from 'zod';
import {
  APPROVER_ROLES,
  CRITICALITIES,
  DUTIES,
  MONITORING_PARTS,
  SEVERITIES,
} from '../kernel/policy/facts.ts';
import { CRITICALITY_RULES, LEVELS } from '../kernel/policy/policy.ts';
import { RULES } from '../kernel/policy/rule.ts';
import { alertSettings } from './alerts.ts';
import { duration } from './duration.ts';
import { clockTime, dayStretch } from './day-time.ts';
import { monitoringSettings } from './monitoring.ts';
import { policyLock } from './policy-lock.ts';

const name = z.string().min(1);
const presence = z.enum(['present', 'absent']);
const role = z.enum(APPROVER_ROLES);
const ways = z
  .array(
    z.union([role, z.array(role).min(1)], {
      error: 'expected a role, or a list of roles that are needed together',
    }),
  )
  .min(1)
  .describe(
    'Any one entry suffices; an entry that is a list needs all its roles, held by different persons.',
  );

const environment = z.strictObject({
  operational: z.boolean().describe('Environments that are not are out of scope.'),
  monitoring: z
    .strictObject(
      Object.fromEntries(MONITORING_PARTS.map((part) => [part, presence.default('present')])) as Record<
        (typeof MONITORING_PARTS)[number],
        z.ZodDefault<typeof presence>
      >,
    )
    .prefault({})
    .describe('Which parts of the monitoring platform exist there. What is present must be proven alive.'),
});

const criticality = z.strictObject({
  hours: z.array(dayStretch).min(1).describe('Hours of the day (UTC) in which such a change may run.'),
  asks: z.array(z.enum(CRITICALITY_RULES)).describe('The rules that this criticality is held to.'),
});

const severity = z.strictObject({
  reviewers: z.int().min(1).max(20).describe('How many reviewers a maintenance change needs.'),
  severe: z
    .boolean()
    .describe(
      'Runs alone, with an event manager and a bridge; a service change of it has to have graduated.',
    ),
  bridge: z
    .url()
    .nullable()
    .default(null)
    .describe('The call link of such changes, where their plan names no other.'),
});

const eventManager = z.enum([...DUTIES, 'executor']);

const limits = z.strictObject({
  dryRunAge: duration.prefault('7 d').describe('Oldest dry run that a start may rest on.'),
  eocSeenWithin: duration.prefault('5 min').describe('How long ago the EOC may have been seen, inclusive.'),
  eocAskedAfter: duration.prefault('3 min').describe('When the EOC is asked for a sign of presence.'),
  monitoringProofAge: duration.prefault('30 s').describe('Oldest liveness proof that counts.'),
  monitoringDeadAfter: duration.prefault('5 min').describe('When dead monitoring opens an incident.'),
  errorBudgetAge: duration.prefault('10 min').describe('Oldest reading of an error budget that counts.'),
  nextOpening: duration.prefault('400 d').describe('How far ahead an opening is looked for.'),
  tentativeSlot: duration
    .prefault('3 d')
    .describe('How long a slot stays pencilled in without being accepted; then it is given up.'),
  nearChange: duration
    .prefault('4 h')
    .describe('How near to a slot another C1 or C2 change is worth a warning.'),
  rotaSourceAge: duration
    .prefault('24 h')
    .describe(
      'How long the last import of a rota stands when its calendar cannot be read; then nobody is on call.',
    ),
  peerAnswerAge: duration
    .prefault('5 min')
    .describe(
      'Oldest answer of a peer that counts, about who is on call by its schedule and about its incidents; then both are unknown.',
    ),
  downtimeNotices: z
    .array(duration)
    .prefault(['14 d', '7 d', '3 d', '1 d'])
    .describe('How long before a change with downtime its audiences are told.'),
  updateInterval: duration
    .prefault('30 min')
    .describe(
      'How often audiences hear of a change with downtime between its start and its end, where its plan says nothing.',
    ),
  lockAnnouncements: z
    .array(duration)
    .prefault(['7 d', '1 d'])
    .describe('How long before a lock teams are told.'),
});

const graduation = z.strictObject({
  successfulRuns: z.int().min(1).default(5),
  withoutIncident: duration.prefault('90 d'),
});

/** A policy as a person writes it: everything that is the company's own. Unknown keys and rule ids are refused. */
export const policyFile = z
  .strictObject({
    $schema: z.string().optional(),
    interlock: z.literal('policy/1').describe('The format and its version.'),
    name: z.string().trim().min(1),
    connections: z
      .strictObject({
        issue: z.enum(['builtin', 'gitlab', 'github']).default('builtin'),
        chat: z.enum(['builtin', 'slack']).default('builtin'),
      })
      .prefault({})
      .describe('Where the tracker and the channel are.'),
    environments: z.record(name, environment),
    topics: z.record(name, z.enum(CRITICALITIES)).describe('The lowest criticality that each topic allows.'),
    downtime: z
      .enum(CRITICALITIES)
      .default('C1')
      .describe('The lowest criticality of a change with downtime.'),
    criticalities: z.strictObject({ C1: criticality, C2: criticality, C3: criticality, C4: criticality }),
    severities: z.strictObject({ S1: severity, S2: severity, S3: severity, S4: severity }),
    approvals: z.strictObject({
      'director-approval': ways,
      'management-approval': ways,
      review: ways,
      emergency: ways,
      'release-coordination': ways,
      'lock-exemption': ways,
    }),
    emoc: z
      .strictObject({ maintenance: eventManager, service: eventManager })
      .describe('Who the event manager has to be, by effective kind.'),
    emergency: z.strictObject({
      critical: z.array(z.enum(SEVERITIES)).describe('Incidents for which dead metrics stop nothing.'),
      keeps: z.array(z.enum(RULES)).describe('The rules that stop a change in an emergency too.'),
    }),
    errorBudgets: z
      .record(
        name,
        z.strictObject({
          threshold: z.number().min(0).max(1).describe('At this share or less it is burnt.'),
          query: z
            .string()
            .trim()
            .min(1)
            .nullable()
            .default(null)
            .describe('Query of Prometheus that tells the share that is left; `null`: unknown.'),
        }),
      )
      .default({})
      .describe('Services with an error budget: one that cannot be read counts as burnt.'),
    incidents: z
      .strictObject({
        alertmanager: alertSettings
          .nullable()
          .default(null)
          .describe('Which alerts are incidents; `null`: none of them, people open incidents.'),
      })
      .prefault({}),
    rules: z
      .partialRecord(
        z.enum(RULES),
        z.strictObject({
          level: z.enum(LEVELS).optional().describe('`warn` never stops, `off` is not asked.'),
          exception: z.boolean().default(false).describe('A reviewer may approve an exception.'),
        }),
      )
      .default({})
      .describe(
        'What departs from the default: `deny`, without exception; `warn` for the three that only advise.',
      ),
    limits: limits.prefault({}),
    monitoring: monitoringSettings
      .prefault({})
      .describe('How the monitoring platform has to prove that it lives; every default is the strict one.'),
    graduation: graduation.prefault({}),
    lockDayBegins: clockTime.prefault('09:00').describe('When the days of locks begin and end, UTC.'),
    releaseDay: name.nullable().default(null).describe('Id of the lock whose days are release days.'),
    locks: z.array(policyLock).default([]),
  })
  .meta({ title: 'Interlock policy', description: 'The rules of production change, as data.' });

export type PolicyFile = z.output<typeof policyFile>;
