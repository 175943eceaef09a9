import { z } from 'zod';
import { askLink } from '../app/account-link/ask.ts';
import { beginLending, completeLending } from '../app/account-link/lend.ts';
import { confirmLink, endLink, readLinks } from '../app/account-link/settle.ts';
import type { AppContext } from '../app/context.ts';
import * as contract from '../contract/account-links.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['people'];
const PREFIX = '/api/v1/account-links';

/** `/api/v1/account-links`: accounts at tracker and chat that people proved to be theirs. */
export function registerAccountLinks(app: Api, context: AppContext): void {
  app.get(
    PREFIX,
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'One’s own accounts elsewhere; as administrator everybody’s',
        querystring: contract.accountLinkQuery,
        response: { 200: contract.accountLinks },
      },
    },
    (request) => readLinks(context, callOf(request), request.query.all),
  );
  app.post(
    PREFIX,
    {
      config: { access: 'person', shownOnce: true },
      schema: {
        tags,
        summary: 'Ask for the words to post from one’s account at a peer',
        body: contract.newAccountLink,
        response: { 201: contract.askedLink },
      },
    },
    async (request, reply) =>
      reply.code(201).send(answer(reply, await askLink(context, callOf(request), request.body.connection))),
  );
  registerLending(app, context);
  registerSettling(app, context);
}

function registerLending(app: Api, context: AppContext): void {
  app.post(
    `${PREFIX}/lending`,
    {
      config: { access: 'person', shownOnce: true },
      schema: {
        tags,
        summary: 'Begin to lend the right to post as oneself at a peer, by the peer’s own page',
        body: contract.newAccountLink,
        response: { 201: contract.lendingPage },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(answer(reply, await beginLending(context, callOf(request), request.body.connection))),
  );
  app.post(
    `${PREFIX}/return`,
    {
      config: { access: 'person', shownOnce: true },
      schema: {
        tags,
        summary: 'End it, with what the peer sent the browser back with',
        body: contract.lendingReturn,
        response: { 201: contract.accountLink },
      },
    },
    async (request, reply) =>
      reply.code(201).send(answer(reply, await completeLending(context, callOf(request), request.body))),
  );
}

function registerSettling(app: Api, context: AppContext): void {
  app.post(
    `${PREFIX}/:id/confirm`,
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Say that the account which posted the words is one’s own',
        params: contract.accountLinkPath,
        response: { 200: contract.accountLink },
      },
    },
    async (request, reply) => answer(reply, await confirmLink(context, callOf(request), request.params.id)),
  );
  app.delete(
    `${PREFIX}/:id`,
    {
      config: { access: 'account' },
      schema: {
        tags,
        summary: 'End a link; what it said stays',
        params: contract.accountLinkPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      answer(reply, await endLink(context, callOf(request), request.params.id));
      return reply.code(204).send(null);
    },
  );
}
