import type { AppContext } from '../app/context.ts';
import { readConnections, readMessages, sendMessageAgain, testConnection } from '../app/outside/look.ts';
import { moveIssues } from '../app/tracker/move-issues.ts';
import { valueOf } from '../app/outcome.ts';
import * as contract from '../contract/integrations/state.ts';
import { callOf, type Api } from './api.ts';

const tags = ['integrations'];
const PREFIX = '/api/v1/integrations';

/** `/api/v1/integrations`: the peers of `integrations.yaml`, how it goes with them, and what became of the messages to them. */
export function registerIntegrations(app: Api, context: AppContext): void {
  app.get(
    PREFIX,
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The peers of this server, and how it goes with each',
        response: { 200: contract.connectionList },
      },
    },
    async () => ({ connections: await readConnections(context) }),
  );
  app.post(
    `${PREFIX}/:name/test`,
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Ask a peer now whether it would take something; it leaves nothing there',
        params: contract.connectionPath,
        response: { 200: contract.testedConnection },
      },
    },
    (request) => testConnection(context, request.params.name),
  );
  app.post(
    `${PREFIX}/:name/move-issues`,
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary:
          'Open the issues of requests under way in the tracker that the policy names, where they stand elsewhere; the former are closed',
        params: contract.connectionPath,
        response: { 202: contract.movedIssues },
      },
    },
    async (request, reply) =>
      reply.code(202).send(valueOf(await moveIssues(context, callOf(request), request.params.name))),
  );
  registerMessages(app, context);
}

function registerMessages(app: Api, context: AppContext): void {
  app.get(
    `${PREFIX}/:name/messages`,
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'What became of the newest messages to a peer',
        params: contract.connectionPath,
        querystring: contract.messageQuery,
        response: { 200: contract.messageLog },
      },
    },
    ({ params: { name }, query }) => readMessages(context, name, query),
  );
  app.post(
    `${PREFIX}/:name/messages/:message/send`,
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Send a message once more that was given up',
        params: contract.messagePath,
        response: { 202: contract.sentAgain },
      },
    },
    async (request, reply) => {
      const { name, message } = request.params;
      return reply.code(202).send(valueOf(await sendMessageAgain(context, callOf(request), name, message)));
    },
  );
}
