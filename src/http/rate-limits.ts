import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Access } from '../contract/access.ts';
import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';

/** Routes of machines that work: a runner under its lease, a pipeline at the gate. Each has limits of its own. */
const MACHINES: ReadonlySet<Access> = new Set<Access>(['bastion', 'ask', 'claim']);

/**
 * So many requests a minute of one credential; the next is answered 429 and told when to come again. By credential, not by
 * address: one who asks too much must not silence those behind the same proxy, who may have a change to stop.
 */
export async function installRateLimits(
  app: Api,
  { requestsPerMinute }: { readonly requestsPerMinute: number | null },
): Promise<void> {
  if (requestsPerMinute === null) return;
  await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({
    max: requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => request.call?.actor.credential.id ?? '',
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!isCounted(request)) return;
    const state = await count(request);
    if (state.isAllowed || !state.isExceeded) return;
    reply.header('retry-after', state.ttlInSeconds);
    throw new AppError(
      'too_many_requests',
      `expected at most ${requestsPerMinute} requests a minute, got more: come again in ${state.ttlInSeconds} s`,
    );
  });
}

function isCounted({ call, routeOptions: { config } }: FastifyRequest): boolean {
  if (call === null || config.uncounted === true) return false;
  return config.access === undefined || !MACHINES.has(config.access);
}
