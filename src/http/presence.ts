import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { readPresence, showPresence } from '../app/change/presence.ts';
import { valueOf } from '../app/outcome.ts';
import { presenceView } from '../contract/acts.ts';
import { changePath } from '../contract/changes.ts';
import { callOf, type Api } from './api.ts';

const SUMMARIES = {
  presence: 'Say that one is there',
  'situation-room': 'Say that one has joined the Situation Room',
} as const;

/** `/api/v1/changes/:id/presence`, `/situation-room`: each by the person’s own act. */
export function registerPresence(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/changes/:id/presence',
    {
      config: { access: 'read' },
      schema: {
        tags: ['presence'],
        summary: 'Who was seen at a request, and who is in its Situation Room',
        params: changePath,
        response: { 200: presenceView },
      },
    },
    async (request) => valueOf(await readPresence(context, request.params.id)),
  );
  for (const [place, summary] of Object.entries(SUMMARIES)) {
    app.post(
      `/api/v1/changes/:id/${place}`,
      {
        config: { access: 'person' },
        schema: { tags: ['presence'], summary, params: changePath, response: { 204: z.null() } },
      },
      async (request, reply) => {
        const joined = place === 'situation-room';
        valueOf(await showPresence(context, callOf(request), request.params.id, joined));
        return reply.code(204).send(null);
      },
    );
  }
}
