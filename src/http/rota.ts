import type { AppContext } from '../app/context.ts';
import { readRota } from '../app/rota/read.ts';
import { setRota } from '../app/rota/set.ts';
import { rota, rotaFile, rotaQuery } from '../contract/rota.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['rota'];

/** `/api/v1/rota`: who is on call. */
export function registerRota(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/rota',
    {
      config: { access: 'read', resource: 'rota' },
      schema: {
        tags,
        summary: 'Who is on call from now on, and where nobody is',
        querystring: rotaQuery,
        response: { 200: rota },
      },
    },
    (request) => readRota(context, request.query.days),
  );
  app.put(
    '/api/v1/rota',
    {
      config: { access: 'admin', resource: 'rota' },
      schema: { tags, summary: 'Set who is on call from now on', body: rotaFile, response: { 200: rota } },
    },
    async (request, reply) => answer(reply, await setRota(context, callOf(request), request.body)),
  );
}
