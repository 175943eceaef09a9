import { z } from 'zod';
import { check, preflightCheck } from './check.ts';
import { nestedProcedure, parameters, parameterValues } from './plan-parameters.ts';
import { between, forEach, stageSize } from './plan-rollout.ts';
import { planFile, rollbackStep, step } from './plan.ts';

const { shape } = planFile;

/**
 * A plan file as a person may write it: with parameters, with blocks of
 * steps and checks that are laid out over targets, with procedures that are nested. What is read, and
 * what everything else works on, is the plan of plain steps and checks that comes of it.
 */
export const writtenPlan = planFile.extend({
  parameters: parameters.optional().describe('What has to be filled in, each with its type.'),
  with: parameterValues.optional().describe('The values of the parameters.'),
  preflight: z
    .array(z.union([preflightCheck, z.strictObject({ forEach, checks: z.array(preflightCheck).min(1) })]))
    .describe(shape.preflight.description ?? ''),
  steps: z
    .array(
      z.union([
        step,
        z.strictObject({
          forEach,
          stages: z.array(stageSize).min(1).optional(),
          between: between.optional(),
          steps: z.array(z.union([step, nestedProcedure])).min(1),
        }),
        nestedProcedure,
      ]),
    )
    .min(1),
  postchecks: z
    .array(z.union([check, z.strictObject({ forEach, checks: z.array(check).min(1) })]))
    .describe(shape.postchecks.description ?? ''),
  rollback: shape.rollback.extend({
    steps: z.array(z.union([rollbackStep, z.strictObject({ forEach, steps: z.array(rollbackStep).min(1) })])),
  }),
});
