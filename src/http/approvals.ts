import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { approveChange } from '../app/change/approve.ts';
import { differenceSince } from '../app/change/difference.ts';
import { askException, giveException } from '../app/change/except.ts';
import { withdrawOwnApproval, withdrawOwnException } from '../app/change/withdraw.ts';
import { valueOf } from '../app/outcome.ts';
import { readOwnWords } from '../app/own-word/offer.ts';
import { postOwnWords } from '../app/own-word/press.ts';
import * as contract from '../contract/changes.ts';
import { askedOwnWords, newOwnWords, ownWords } from '../contract/own-words.ts';
import { wordDifference } from '../contract/word-fates.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['approvals'];
const params = contract.changePath;

/** `/api/v1/changes/:id/approvals`, `/exceptions`: the words that people give for a request. */
export function registerApprovals(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:id/approvals',
    {
      config: { access: 'person', resource: 'change' },
      schema: {
        tags,
        summary: 'Approve in the app, bound to the digest of the plan that was shown',
        params,
        body: contract.appApproval,
        response: { 201: contract.approvalView },
      },
    },
    async (request, reply) => {
      const { voice, ...approval } = request.body;
      const word = { via: voice ? 'voice' : 'app', approval } as const;
      const given = await approveChange(context, callOf(request), request.params.id, word);
      return reply.code(201).send(valueOf(given));
    },
  );
  app.delete(
    '/api/v1/changes/:id/approvals/:approval',
    {
      config: { access: 'person', resource: 'change' },
      schema: {
        tags,
        summary: 'Take one’s own approval back',
        params: contract.approvalPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id, approval } = request.params;
      valueOf(await withdrawOwnApproval(context, callOf(request), id, BigInt(approval)));
      return reply.code(204).send(null);
    },
  );
  registerOwnWords(app, context);
  registerDifference(app, context);
  registerExceptions(app, context);
  registerWithdrawal(app, context);
}

function registerOwnWords(app: Api, context: AppContext): void {
  const path = '/api/v1/changes/:id/approvals/posted';
  app.get(
    path,
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What the caller may have posted as themselves to approve the start, and what was',
        params,
        response: { 200: ownWords },
      },
    },
    async (request) => valueOf(await readOwnWords(context, callOf(request), request.params.id)),
  );
  app.post(
    path,
    {
      config: { access: 'person', resource: 'change' },
      schema: {
        tags,
        summary:
          'Approve the start in writing, posted as oneself to the issue and the channel that the policy names',
        params,
        body: newOwnWords,
        response: { 202: askedOwnWords },
      },
    },
    async (request, reply) =>
      reply
        .code(202)
        .send(answer(reply, await postOwnWords(context, callOf(request), request.params.id, request.body))),
  );
}

function registerDifference(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/approvals/:approval/difference',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What differs between the plan that was approved and the one in force',
        params: contract.approvalPath,
        response: { 200: wordDifference },
      },
    },
    ({ params: { id, approval } }) => differenceSince(context, id, BigInt(approval)),
  );
}

function registerExceptions(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:id/exceptions',
    {
      config: { access: 'act', resource: 'change' },
      schema: {
        tags,
        summary: 'Ask for an exception to a rule, for the plan as it is now',
        params,
        body: contract.newException,
        response: { 201: contract.exceptionView },
      },
    },
    async (request, reply) =>
      reply
        .code(201)
        .send(valueOf(await askException(context, callOf(request), request.params.id, request.body))),
  );
  app.post(
    '/api/v1/changes/:id/exceptions/approve',
    {
      config: { access: 'person', resource: 'change' },
      schema: {
        tags,
        summary: 'Approve an exception, as a reviewer who wrote neither it nor the plan',
        params,
        body: contract.exceptionApproval,
        response: { 200: contract.exceptionView },
      },
    },
    async (request) =>
      valueOf(await giveException(context, callOf(request), request.params.id, request.body)),
  );
}

function registerWithdrawal(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/changes/:id/exceptions/:exception/withdraw',
    {
      // A service that asked for one may take it back: it only takes away.
      config: { access: 'act', resource: 'change' },
      schema: {
        tags,
        summary: 'Take an exception back, as whoever asked for it or whoever approved it',
        params: contract.exceptionPath,
        body: contract.exceptionWithdrawal,
        response: { 200: contract.exceptionView },
      },
    },
    async (request) => {
      const { id, exception } = request.params;
      const one = { id, exception: BigInt(exception) };
      return valueOf(await withdrawOwnException(context, callOf(request), one, request.body));
    },
  );
}
