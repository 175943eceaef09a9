import type { AppContext } from '../app/context.ts';
import { readiness } from '../app/readiness.ts';
import { health, ready } from '../contract/health.ts';
import type { Api } from './api.ts';

const tags = ['health'];

/** `/healthz`: the process lives. `/readyz`: it can decide. */
export function registerHealth(app: Api, context: AppContext): void {
  app.get(
    '/healthz',
    {
      config: { access: 'anyone' },
      schema: { tags, summary: 'Whether the process lives', response: { 200: health } },
    },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      config: { access: 'anyone' },
      schema: { tags, summary: 'Whether it can decide', response: { 200: ready, 503: ready } },
    },
    async (_request, reply) => {
      const parts = await readiness(context);
      const ok = Object.values(parts).every((part) => part === 'ok');
      return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'unavailable', ...parts });
    },
  );
}
