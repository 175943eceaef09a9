import type { AppContext } from '../app/context.ts';
import { askGate } from '../app/gate/ask.ts';
import { askNow } from '../app/gate/now.ts';
import { gateAnswer, gateQuestion, nowAnswer } from '../contract/gate.ts';
import { callOf, type Api } from './api.ts';

const tags = ['gate'];

/** `/api/v1/decisions`: the gate for pipelines. `/api/v1/now`: may production change now. */
export function registerDecisions(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/decisions',
    {
      config: { access: 'ask' },
      schema: {
        tags,
        summary: 'May this happen now? A no is an answer, with its reasons and the next opening',
        body: gateQuestion,
        response: { 200: gateAnswer },
      },
    },
    async (request, reply) => {
      const answer = await askGate(context, callOf(request), request.body);
      reply.header('interlock-ledger-index', answer.ledgerIndex);
      return answer;
    },
  );
  app.get(
    '/api/v1/now',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'May production change now, and if not, why and from when',
        response: { 200: nowAnswer },
      },
    },
    (request) => askNow(context, callOf(request)),
  );
}
