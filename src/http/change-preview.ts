import { previewPlan } from '../app/change/preview.ts';
import { readPlanWords } from '../app/change/plan-words.ts';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { readProcedurePlan, readProcedureSources } from '../app/procedure/sources.ts';
import { changePreview, previewChange } from '../contract/change-preview.ts';
import { planWords, procedurePlan, procedurePlanPath, procedureSources } from '../contract/plan-sources.ts';
import { callOf, type Api } from './api.ts';

const tags = ['changes'];

/** `/api/v1/changes/preview`, and what a plan that is being written can begin from and may name. */
export function registerChangePreview(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/preview',
    {
      config: { access: 'prepare' },
      schema: {
        tags,
        summary: 'What a plan that is being written lacks, counts as, needs and would void; nothing is kept',
        body: previewChange,
        response: { 200: changePreview },
      },
    },
    async (request) => valueOf(await previewPlan(context, callOf(request), request.body)),
  );
  registerSources(app, context);
}

function registerSources(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/plan-words',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What a plan may name, as far as the server knows it',
        response: { 200: planWords },
      },
    },
    () => readPlanWords(context),
  );
  app.get(
    '/api/v1/procedure-plans',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The procedures that a new plan can be made from',
        response: { 200: procedureSources },
      },
    },
    () => readProcedureSources(context),
  );
  app.get(
    '/api/v1/procedure-plans/:name',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The plan of one, with its parameters and its scripts',
        params: procedurePlanPath,
        response: { 200: procedurePlan },
      },
    },
    (request) => readProcedurePlan(context, request.params.name),
  );
}
