import { importChange } from '../app/change/import.ts';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { importedPlan, newImport } from '../contract/imports.ts';
import { callOf, type Api } from './api.ts';

/** `/api/v1/imports`: the issue of a change, made into a plan and a draft. */
export function registerImports(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/imports',
    {
      config: { access: 'act' },
      schema: {
        tags: ['changes'],
        summary: 'Make a plan of the text of an issue, and list what is not in it',
        body: newImport,
        response: { 201: importedPlan },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await importChange(context, callOf(request), request.body))),
  );
}
