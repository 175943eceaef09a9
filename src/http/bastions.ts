import type { AppContext } from '../app/context.ts';
import { readBastions } from '../app/bastions/read.ts';
import { registerBastion } from '../app/bastions/register.ts';
import { withdrawBastion } from '../app/bastions/revoke.ts';
import * as contract from '../contract/bastions.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['bastions'];

/** `/api/v1/bastions`: hosts that may execute, each proven by its key. */
export function registerBastions(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/bastions',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'List the registered hosts', response: { 200: contract.bastions } },
    },
    async () => ({ bastions: await readBastions(context) }),
  );
  app.post(
    '/api/v1/bastions',
    {
      config: { access: 'admin', shownOnce: true },
      schema: {
        tags,
        summary: 'Register a host for one environment',
        body: contract.newBastion,
        response: { 201: contract.registeredBastion },
      },
    },
    async (request, reply) =>
      reply.code(201).send(answer(reply, await registerBastion(context, callOf(request), request.body))),
  );
  app.delete(
    '/api/v1/bastions/:name',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Revoke a host',
        params: contract.bastionPath,
        response: { 200: contract.bastion },
      },
    },
    async (request, reply) =>
      answer(reply, await withdrawBastion(context, callOf(request), request.params.name)),
  );
}
