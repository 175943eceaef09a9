import type { AppContext } from '../app/context.ts';
import { proveAgain } from '../app/identity/prove-again.ts';
import { provenAgain, proveAgainBy } from '../contract/sessions.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';

/** `/api/v1/authentications`: proving again who one is, before what is of high stakes. */
export function registerAuthentications(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/authentications',
    {
      config: { access: 'account' },
      schema: {
        tags: ['sessions'],
        summary: 'Prove again who one is; counts for this token or session, for some minutes',
        body: proveAgainBy,
        response: { 201: provenAgain },
      },
    },
    async (request, reply) => {
      const { until } = answer(reply, await proveAgain(context, callOf(request), request.body));
      return reply.code(201).send({ until: until.toISOString() });
    },
  );
}
