import { heartbeatClaim } from '../app/claim/heartbeat.ts';
import { makeClaim } from '../app/claim/make.ts';
import { releaseTheClaim } from '../app/claim/release.ts';
import { settleTheClaim } from '../app/claim/settle.ts';
import { readClaims, showClaim } from '../app/claim/view.ts';
import type { AppContext } from '../app/context.ts';
import { valueOf } from '../app/outcome.ts';
import * as contract from '../contract/claims.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['gate'];

/** `/api/v1/claims`: work of pipelines that runs now, each under a lease. */
export function registerClaims(app: Api, context: AppContext): void {
  registerReading(app, context);
  registerHolder(app, context);
  app.post(
    '/api/v1/claims/:claim/settle',
    {
      config: { access: 'person', resource: 'claim' },
      schema: {
        tags,
        summary: 'State how a claim ended that was not renewed, as EOC or IMOC; frees its place',
        params: contract.claimPath,
        body: contract.settleClaim,
        response: { 200: contract.claimView },
      },
    },
    async (request, reply) =>
      answer(reply, await settleTheClaim(context, callOf(request), request.params.claim, request.body)),
  );
}

function registerReading(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/claims',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The claims that run or are unknown', response: { 200: contract.claimList } },
    },
    async () => ({ claims: await readClaims(context) }),
  );
  app.get(
    '/api/v1/claims/:claim',
    {
      config: { access: 'read', resource: 'claim' },
      schema: {
        tags,
        summary: 'One claim',
        params: contract.claimPath,
        response: { 200: contract.claimView },
      },
    },
    async (request) => valueOf(await showClaim(context, request.params.claim)),
  );
}

function registerHolder(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/claims',
    {
      config: { access: 'claim' },
      schema: {
        tags,
        summary: 'Ask, and if the answer is yes have the work count as a running change',
        body: contract.newClaim,
        response: { 201: contract.claimGiven },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await makeClaim(context, callOf(request), request.body))),
  );
  app.post(
    '/api/v1/claims/:claim/heartbeat',
    {
      config: { access: 'claim' },
      schema: {
        tags,
        summary: 'Say that the work goes on, and hear whether it may',
        params: contract.claimPath,
        response: { 200: contract.claimHeartbeat },
      },
    },
    async (request) => valueOf(await heartbeatClaim(context, callOf(request), request.params.claim)),
  );
  app.post(
    '/api/v1/claims/:claim/release',
    {
      config: { access: 'claim', resource: 'claim' },
      schema: {
        tags,
        summary: 'Say how the work ended; it leaves the stage',
        params: contract.claimPath,
        body: contract.releaseClaim,
        response: { 200: contract.claimView },
      },
    },
    async (request, reply) =>
      answer(reply, await releaseTheClaim(context, callOf(request), request.params.claim, request.body)),
  );
}
