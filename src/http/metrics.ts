import type { AppContext } from '../app/context.ts';
import type { Api } from './api.ts';
import { z } from 'zod';

/** Counts every request by route and status, with its time. */
export function installRequestMetrics(app: Api, { metrics }: AppContext): void {
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none' };
    metrics.count('interlock_http_requests_total', { ...labels, status: String(reply.statusCode) });
    metrics.observe('interlock_http_request_seconds', labels, reply.elapsedTime / 1_000);
  });
}

/** `/metrics`: Prometheus' text format. */
export function registerMetrics(app: Api, { metrics }: AppContext): void {
  app.get(
    '/metrics',
    {
      config: { access: 'loopback' },
      schema: {
        tags: ['health'],
        summary: 'Metrics in Prometheus’ text format',
        response: { 200: z.string() },
      },
    },
    async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').serializer(String).send(metrics.text()),
  );
}
