import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { holdByLogin, vetoByLogin } from '../app/stop/by-login.ts';
import { vetoView } from '../contract/channel.ts';
import * as contract from '../contract/stops.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['stops'];

/**
 * `/api/v1/stops`: who has neither token nor session, for the identity provider is down, holds and vetoes by the login on a bastion.
 * What stops a change is counted nowhere else; here it is, for one key serves everybody on that host.
 */
export function registerStops(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/stops/veto',
    {
      config: { access: 'login' },
      schema: {
        tags,
        summary: 'Veto a change as the engineer on call, by the login on a bastion of its environment',
        body: contract.vetoByLogin,
        response: { 201: vetoView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await vetoByLogin(context, callOf(request), request.body))),
  );
  app.post(
    '/api/v1/stops/hold',
    {
      config: { access: 'login' },
      schema: {
        tags,
        summary: 'Hold a run by the login on a bastion of its environment',
        body: contract.holdByLogin,
        response: { 200: contract.heldByLogin },
      },
    },
    async (request, reply) => {
      const { id, change, state, holdWanted } = answer(
        reply,
        await holdByLogin(context, callOf(request), request.body),
      );
      return { run: id, change, state, holdWanted };
    },
  );
}
