import { informAudience, readUpdates } from '../app/change/updates.ts';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { changePath } from '../contract/changes.ts';
import { newUpdate, updatesView } from '../contract/updates.ts';
import { callOf, type Api } from './api.ts';

const tags = ['discussion'];
const params = changePath;

/** `/api/v1/changes/:id/updates`: what the audiences of a change are told, and when. */
export function registerUpdates(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/updates',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Who is kept informed of a change, what they were told, what is due and what is late',
        params,
        response: { 200: updatesView },
      },
    },
    (request) => readUpdates(context, request.params.id),
  );
  app.post(
    '/api/v1/changes/:id/updates',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Tell an audience, or write down that it was told',
        params,
        body: newUpdate,
        response: { 201: updatesView },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(valueOf(await informAudience(context, callOf(request), request.params.id, request.body))),
  );
}
