import type { AppContext } from '../app/context.ts';
import { readProcedure, readProcedures } from '../app/procedure/show.ts';
import { procedure, procedurePath, procedures } from '../contract/procedures.ts';
import type { Api } from './api.ts';

const tags = ['measures'];

/** `/api/v1/procedures`: the records of procedures. They are computed from runs; nothing here can be written. */
export function registerProcedures(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/procedures',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Procedures that ran, and what each version lacks to graduate',
        response: { 200: procedures },
      },
    },
    () => readProcedures(context),
  );
  app.get(
    '/api/v1/procedures/:name',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'One procedure', params: procedurePath, response: { 200: procedure } },
    },
    (request) => readProcedure(context, request.params.name),
  );
}
