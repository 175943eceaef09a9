import type { AppContext } from '../app/context.ts';
import { claimVerbalWord, confirmOwnWord, readVerbalWords } from '../app/change/verbal.ts';
import { valueOf } from '../app/outcome.ts';
import { changePath } from '../contract/changes.ts';
import * as contract from '../contract/verbal-words.ts';
import { callOf, type Api } from './api.ts';

const tags = ['approvals'];

/** `/api/v1/changes/:id/verbal`: what the engineer on call is said to have said, and their confirming it. */
export function registerVerbalWords(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/verbal',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What the engineer on call is said to have said, confirmed or not',
        params: changePath,
        response: { 200: contract.verbalWords },
      },
    },
    async (request) => ({ words: await readVerbalWords(context.db, request.params.id) }),
  );
  app.post(
    '/api/v1/changes/:id/verbal',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Say that the engineer on call approved the start by voice, and ask them to confirm it',
        params: changePath,
        body: contract.newVerbalWord,
        response: { 201: contract.verbalWordView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await claimVerbalWord(context, callOf(request), request.params.id))),
  );
  app.post(
    '/api/v1/changes/:id/verbal/:word/confirm',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Confirm, as the engineer on call, what one is said to have said: this approves the start',
        params: contract.verbalWordPath,
        response: { 200: contract.verbalWordView },
      },
    },
    async (request) => {
      const { id, word } = request.params;
      return valueOf(await confirmOwnWord(context, callOf(request), id, BigInt(word)));
    },
  );
}
