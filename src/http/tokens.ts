import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { issueToken } from '../app/people/issue-token.ts';
import { readTokens } from '../app/people/read.ts';
import { withdrawToken } from '../app/people/revoke-token.ts';
import * as contract from '../contract/people.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

const tags = ['people'];

/** `/api/v1/people/:name/tokens`, `/api/v1/tokens/:id`: API tokens, shown once. */
export function registerTokens(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/people/:name/tokens',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'List the tokens of an account: its own, or as administrator anybody’s',
        params: contract.personPath,
        response: { 200: contract.tokens },
      },
    },
    async (request) => ({ tokens: await readTokens(context, callOf(request), request.params.name) }),
  );
  app.post(
    '/api/v1/people/:name/tokens',
    {
      config: { access: 'account', shownOnce: true },
      schema: {
        tags,
        summary:
          'Issue a token: as administrator, or for oneself from a session begun by password or provider',
        params: contract.personPath,
        body: contract.newToken,
        response: { 201: contract.issuedToken },
      },
    },
    async (request, reply) => {
      const issued = await issueToken(context, callOf(request), request.params.name, request.body);
      return reply.code(201).send(answer(reply, issued));
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    {
      config: { access: 'account' },
      schema: {
        tags,
        summary: 'Revoke a token',
        params: contract.tokenPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      answer(reply, await withdrawToken(context, callOf(request), request.params.id));
      return reply.code(204).send(null);
    },
  );
}
