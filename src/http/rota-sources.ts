import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { addSource, endSource, importSource, readSource, readSources } from '../app/rota/source.ts';
import * as contract from '../contract/rota-sources.ts';
import { callOf, type Api } from './api.ts';

const tags = ['rota'];
const params = contract.rotaPath;

/** `/api/v1/rota/sources`: what elsewhere says who is on call. */
export function registerRotaSources(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/rota/sources',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What sets rotas from elsewhere, how fresh each is, and what they leave open',
        response: { 200: contract.rotaSources },
      },
    },
    async () => ({ sources: await readSources(context.db) }),
  );
  app.put(
    '/api/v1/rota/sources/:rota',
    {
      config: { access: 'admin', resource: 'rota-source' },
      schema: {
        tags,
        summary:
          'Have an address or a schedule of a peer set a rota, in the place of a former one; it is read at once',
        params,
        body: contract.newSource,
        response: { 200: contract.rotaSource },
      },
    },
    async (request) => valueOf(await addSource(context, callOf(request), request.params.rota, request.body)),
  );
  registerOne(app, context);
}

function registerOne(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/rota/sources/:rota',
    {
      config: { access: 'read', resource: 'rota-source' },
      schema: {
        tags,
        summary: 'What sets a rota from elsewhere',
        params,
        response: { 200: contract.rotaSource },
      },
    },
    async (request) => valueOf(await readSource(context.db, request.params.rota)),
  );
  app.post(
    '/api/v1/rota/sources/:rota/import',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Read the source of a rota now',
        params,
        response: { 200: contract.rotaSource },
      },
    },
    async (request) => valueOf(await importSource(context, request.params.rota)),
  );
  app.delete(
    '/api/v1/rota/sources/:rota',
    {
      config: { access: 'admin', resource: 'rota-source' },
      schema: {
        tags,
        summary: 'End that a source sets a rota; nobody is on call until somebody is set',
        params,
        response: { 200: contract.rotaSource },
      },
    },
    async (request) => valueOf(await endSource(context, callOf(request), request.params.rota)),
  );
}
