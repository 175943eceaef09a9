import { z } from 'zod';
import { CRITICALITIES } from '../kernel/policy/facts.ts';
import { RULES } from '../kernel/policy/rule.ts';
import { changeId } from './changes.ts';
import { procedurePath } from './procedures.ts';

/** A procedure that a new plan can be made from. */
export const procedureSource = z.strictObject({
  name: z.string(),
  says: z.string().describe('What it does, in one line.'),
  criticality: z.enum(CRITICALITIES),
  change: changeId
    .nullable()
    .describe('The newest complete request of it; `null`: it is of the library that ships with the server.'),
});
export type ProcedureSource = z.infer<typeof procedureSource>;

export const procedureSources = z.strictObject({
  procedures: z.array(procedureSource).describe('By name.'),
});
export type ProcedureSources = z.infer<typeof procedureSources>;

/** The same with its plan, which names it: runs of what is made of it are evidence for it. */
export const procedurePlan = procedureSource
  .extend({
    file: z.string(),
    plan: z.string(),
    scripts: z.record(z.string(), z.string()).describe('Text of each script by its path in the plan.'),
  })
  .meta({ id: 'ProcedurePlan' });
export type ProcedurePlan = z.infer<typeof procedurePlan>;

export const procedurePlanPath = procedurePath;

/** What a plan may name, as far as the server knows it: for whoever completes what is typed, and lints it. */
export const planWords = z
  .strictObject({
    environments: z.array(z.string()).describe('Of the policy.'),
    topics: z
      .record(z.string(), z.enum(CRITICALITIES))
      .describe('Of the policy, with the least criticality of each.'),
    downtime: z.enum(CRITICALITIES).describe('The least criticality of a change with downtime.'),
    exceptions: z.array(z.enum(RULES)).describe('The rules that a reviewer may except from.'),
    services: z.array(z.string()).describe('Of the newest requests.'),
    targets: z
      .array(z.strictObject({ name: z.string(), type: z.string() }))
      .describe('Of the newest requests.'),
    people: z.array(z.string()).describe('Who is not shut out.'),
    procedures: z.array(z.string()),
  })
  .meta({ id: 'PlanWords' });
export type PlanWords = z.infer<typeof planWords>;
