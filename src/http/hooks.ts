import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { hear } from '../app/outside/hear.ts';
import { AppError } from '../contract/errors.ts';
import { connectionPath, heardHook } from '../contract/integrations/state.ts';
import type { Api } from './api.ts';
import { bytesOf, keepBodiesRaw } from './raw-body.ts';

/** Nobody tells more at once; what is longer is answered 413 unread. */
const BODY_LIMIT_BYTES = 1_048_576;

/** `POST /api/v1/hooks/:name`: a peer of `integrations.yaml` tells that something happened there. It is known by its signature. */
export async function registerHooks(app: Api, context: AppContext): Promise<void> {
  await app.register(async (scope: Api) => {
    keepBodiesRaw(scope, BODY_LIMIT_BYTES);
    scope.post(
      '/api/v1/hooks/:name',
      {
        config: { access: 'peer' },
        bodyLimit: BODY_LIMIT_BYTES,
        schema: {
          tags: ['integrations'],
          summary: 'Tell that something happened at a peer, signed as the peer does',
          params: connectionPath,
          response: { 200: z.union([heardHook, z.string()]) },
        },
      },
      async (request, reply) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
        );
        const heard = await hear(context, request.params.name, { headers, body: bytesOf(request.body) });
        const answer = heard.kind === 'heard' ? heard.answer : heard.kind === 'answered' ? heard : undefined;
        if (answer) return reply.type(answer.contentType).serializer(String).send(answer.body);
        if (heard.kind === 'heard') return { heard: heard.heard };
        context.metrics.count('interlock_unauthenticated_total');
        throw new AppError('unauthenticated');
      },
    );
  });
}
