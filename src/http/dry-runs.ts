import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { attachDryRun, listDryRuns, planToDryRun, readDryRun } from '../app/run/dry-run.ts';
import { readDifference } from '../app/run/dry-run-difference.ts';
import { changeId } from '../contract/changes.ts';
import { dryRunDifference, dryRuns, dryRunView, newDryRun, planToRun } from '../contract/dry-run.ts';
import { AppError } from '../contract/errors.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['dry runs'];
const ofChange = z.strictObject({ change: changeId });
const ofDryRun = ofChange.extend({ dryRun: z.string().regex(/^\d{1,18}$/) });
const DRY_RUN_BYTES = 12 * 1_048_576;

/** Dry runs: the plan to make one of, those that were made, and what they printed. */
export function registerDryRuns(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:change/dry-runs/plan',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The plan as it stands, with its scripts',
        params: ofChange,
        response: { 200: planToRun },
      },
    },
    async (request) => valueOf(await planToDryRun(context.db, request.params.change)),
  );
  app.post(
    '/api/v1/changes/:change/dry-runs',
    {
      config: { access: 'execute' },
      bodyLimit: DRY_RUN_BYTES,
      schema: {
        tags,
        summary: 'Attach a dry run that was made on a bastion',
        params: ofChange,
        body: newDryRun,
        response: { 200: dryRunView },
      },
    },
    async (request, reply) =>
      answer(reply, await attachDryRun(context, callOf(request), request.params.change, request.body)),
  );
  registerReading(app, context);
}

function registerReading(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:change/dry-runs',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The dry runs of a change, the newest first',
        params: ofChange,
        response: { 200: dryRuns },
      },
    },
    async (request) => ({ dryRuns: await listDryRuns(context.db, request.params.change) }),
  );
  app.get(
    '/api/v1/changes/:change/dry-runs/:dryRun/output',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What a dry run printed',
        params: ofDryRun,
      },
    },
    async (request, reply) => {
      const output = await readDryRun(context.db, request.params.change, BigInt(request.params.dryRun));
      if (output === null) throw new AppError('not_found');
      return reply.header('content-disposition', 'attachment').type('text/plain; charset=utf-8').send(output);
    },
  );
  app.get(
    '/api/v1/changes/:change/dry-runs/:dryRun/difference',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Where a repeated dry run differs from the reviewed one, line beside line',
        params: ofDryRun,
        response: { 200: dryRunDifference },
      },
    },
    async ({ params: { change, dryRun } }) => valueOf(await readDifference(context.db, change, dryRun)),
  );
}
