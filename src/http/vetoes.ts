import type { AppContext } from '../app/context.ts';
import { layVeto, liftStandingVeto, readVetoes } from '../app/veto/veto.ts';
import { valueOf } from '../app/outcome.ts';
import { newVeto, vetoes, vetoPath, vetoView } from '../contract/channel.ts';
import { callOf, type Api } from './api.ts';

const tags = ['vetoes'];

/** `/api/v1/vetoes`: the engineer on call says no. */
export function registerVetoes(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/vetoes',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The vetoes that stand', response: { 200: vetoes } },
    },
    async () => ({ vetoes: await readVetoes(context) }),
  );
  app.post(
    '/api/v1/vetoes',
    {
      config: { access: 'person', uncounted: true },
      schema: {
        tags,
        summary: 'Veto a change, a claim, or all of them, as the engineer on call',
        body: newVeto,
        response: { 201: vetoView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(valueOf(await layVeto(context, callOf(request), request.body))),
  );
  app.post(
    '/api/v1/vetoes/:veto/lift',
    {
      config: { access: 'person' },
      schema: {
        tags,
        summary: 'Lift a veto, as an EOC or IMOC on duty whose own change it does not stop',
        params: vetoPath,
        response: { 200: vetoView },
      },
    },
    async (request) => valueOf(await liftStandingVeto(context, callOf(request), BigInt(request.params.veto))),
  );
}
