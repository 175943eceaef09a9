import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { readHidingSilences } from '../app/silence/hiding.ts';
import { endSilenceNow, handOverSilence, makeSilence, readSilences } from '../app/silence/silences.ts';
import { changePath } from '../contract/changes.ts';
import * as contract from '../contract/silences.ts';
import { callOf, type Api } from './api.ts';

const tags = ['incidents'];
const PREFIX = '/api/v1/changes/:id/silences';
const config = { access: 'person' } as const;
const response = { 200: contract.silenceList };

/** `/api/v1/silences` and `/api/v1/changes/:id/silences`: alerts that notify nobody while a change runs. */
export function registerSilences(app: Api, context: AppContext): void {
  registerAll(app, context);
  app.get(
    PREFIX,
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The silences of a change', params: changePath, response },
    },
    (request) => readSilences(context.db, request.params.id),
  );
  app.post(
    PREFIX,
    {
      config,
      schema: {
        tags,
        summary: 'Silence alerts of a target while the change runs',
        params: changePath,
        body: contract.newSilence,
        response: { 201: contract.silenceList },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(valueOf(await makeSilence(context, callOf(request), request.params.id, request.body))),
  );
  app.delete(
    `${PREFIX}/:silence`,
    { config, schema: { tags, summary: 'End a silence now', params: contract.silencePath, response } },
    async (request) => {
      const { id, silence } = request.params;
      return valueOf(await endSilenceNow(context, callOf(request), id, silence));
    },
  );
  app.post(
    `${PREFIX}/:silence/hand-over`,
    {
      config,
      schema: {
        tags,
        summary: 'Hand a silence to the engineer on call, beyond its run',
        params: contract.silencePath,
        body: contract.handedSilence,
        response,
      },
    },
    async (request) => valueOf(await handOverSilence(context, callOf(request), request.params, request.body)),
  );
}

function registerAll(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/silences',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Silences, with what each hides now',
        querystring: contract.silencesQuery,
        response: { 200: contract.hidingSilences },
      },
    },
    (request) => readHidingSilences(context, request.query.change),
  );
}
