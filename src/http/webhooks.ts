import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import {
  addWebhook,
  readDeliveries,
  readWebhook,
  readWebhooks,
  removeWebhook,
  rotateWebhook,
  sendToWebhook,
} from '../app/webhook/manage.ts';
import * as contract from '../contract/webhooks.ts';
import { callOf, type Api } from './api.ts';

const tags = ['webhooks'];
const config = { access: 'admin' } as const;
const PREFIX = '/api/v1/webhooks';

/** `/api/v1/webhooks`: where others hear of what is recorded, signed by Standard Webhooks. */
export function registerWebhooks(app: Api, context: AppContext): void {
  app.get(
    PREFIX,
    {
      config,
      schema: { tags, summary: 'Who hears of what is recorded', response: { 200: contract.webhookList } },
    },
    async () => ({ webhooks: await readWebhooks(context) }),
  );
  app.post(
    PREFIX,
    {
      config: { ...config, shownOnce: true },
      schema: {
        tags,
        summary: 'Have what is recorded from now on posted to an address',
        body: contract.newWebhook,
        response: { 201: contract.webhookWithSecret },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await addWebhook(context, callOf(request), request.body))),
  );
  registerOne(app, context);
  registerLog(app, context);
}

function registerOne(app: Api, context: AppContext): void {
  const params = contract.webhookPath;
  app.get(
    `${PREFIX}/:id`,
    {
      config: { ...config, resource: 'webhook' },
      schema: { tags, summary: 'One of them', params, response: { 200: contract.webhookView } },
    },
    async (request) => valueOf(await readWebhook(context, request.params.id)),
  );
  app.delete(
    `${PREFIX}/:id`,
    {
      config: { ...config, resource: 'webhook' },
      schema: { tags, summary: 'Tell it nothing any more', params, response: { 200: contract.webhookView } },
    },
    async (request) => valueOf(await removeWebhook(context, callOf(request), request.params.id)),
  );
  app.post(
    `${PREFIX}/:id/rotate`,
    {
      config: { ...config, resource: 'webhook', shownOnce: true },
      schema: {
        tags,
        summary: 'Give it another secret; the former one is good for a day more',
        params,
        response: { 200: contract.webhookWithSecret },
      },
    },
    async (request) => valueOf(await rotateWebhook(context, callOf(request), request.params.id)),
  );
  app.post(
    `${PREFIX}/:id/trial`,
    {
      config,
      schema: { tags, summary: 'Send it a trial', params, response: { 202: contract.webhookView } },
    },
    async (request, reply) =>
      reply.code(202).send(valueOf(await sendToWebhook(context, callOf(request), request.params.id, null))),
  );
}

function registerLog(app: Api, context: AppContext): void {
  app.get(
    `${PREFIX}/:id/deliveries`,
    {
      config,
      schema: {
        tags,
        summary: 'What became of the newest messages to it',
        params: contract.webhookPath,
        querystring: contract.deliveryQuery,
        response: { 200: contract.deliveryLog },
      },
    },
    ({ params: { id }, query }) => readDeliveries(context, id, query),
  );
  app.post(
    `${PREFIX}/:id/deliveries/:delivery/send`,
    {
      config,
      schema: {
        tags,
        summary: 'Send a message once more',
        params: contract.deliveryPath,
        response: { 202: contract.webhookView },
      },
    },
    async (request, reply) => {
      const { id, delivery } = request.params;
      return reply.code(202).send(valueOf(await sendToWebhook(context, callOf(request), id, delivery)));
    },
  );
}
