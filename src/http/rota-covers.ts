import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import { endOverride, overrideRota, readCovers } from '../app/rota/cover.ts';
import { offerHandOver, readHandOvers, settleHandOver } from '../app/rota/hand-over.ts';
import { dutyAt } from '../app/rota/read.ts';
import * as contract from '../contract/rota-covers.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['rota'];

/** `/api/v1/rota/at`, `/overrides`, `/hand-overs`: who is on call in the end, and how it came to be somebody else. */
export function registerRotaCovers(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/rota/at',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Who is, or was, on duty at an instant',
        querystring: contract.dutyQuery,
        response: { 200: contract.duty },
      },
    },
    (request) => dutyAt(context, request.query.instant),
  );
  registerOverrides(app, context);
  registerHandOvers(app, context);
}

function registerOverrides(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/rota/overrides',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What covers parts of the rotas from now on',
        response: { 200: contract.covers },
      },
    },
    async () => ({ covers: await readCovers(context.db) }),
  );
  app.post(
    '/api/v1/rota/overrides',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Have somebody cover a part of a rota',
        body: contract.newCover,
        response: { 201: contract.cover },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await overrideRota(context, callOf(request), request.body))),
  );
  app.post(
    '/api/v1/rota/overrides/:cover/end',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'End what covers a part of a rota; from now on it is as planned',
        params: contract.coverPath,
        response: { 200: contract.cover },
      },
    },
    async (request, reply) =>
      answer(reply, await endOverride(context, callOf(request), request.params.cover)),
  );
}

function registerHandOvers(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/rota/hand-overs',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Hand-overs of the last month, the newest first',
        response: { 200: contract.handOvers },
      },
    },
    async () => ({ handOvers: await readHandOvers(context.db) }),
  );
  app.post(
    '/api/v1/rota/hand-overs',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Offer the rest of one’s own shift to somebody; whoever offers is on duty until they accept',
        body: contract.newHandOver,
        response: { 201: contract.handOver },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await offerHandOver(context, callOf(request), request.body))),
  );
  const answers = { accept: 'accepted', decline: 'declined', withdraw: 'withdrawn' } as const;
  for (const act of ['accept', 'decline', 'withdraw'] as const) {
    app.post(
      `/api/v1/rota/hand-overs/:id/${act}`,
      {
        config: { access: 'person' },
        schema: {
          tags,
          summary:
            act === 'withdraw'
              ? 'Withdraw one’s own offer'
              : `${act === 'accept' ? 'Accept' : 'Decline'} what one was offered`,
          params: contract.handOverPath,
          response: { 200: contract.handOver },
        },
      },
      async (request) =>
        valueOf(await settleHandOver(context, callOf(request), request.params.id, answers[act])),
    );
  }
}
