import cookie from '@fastify/cookie';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import type { AppContext } from '../app/context.ts';
import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';
import { installAuthentication } from './authentication.ts';
import { installConditions } from './conditions.ts';
import { installErrors, sendError } from './errors.ts';
import { installGuards } from './guards.ts';
import { installJsonBodies } from './json-body.ts';
import { installRequestMetrics } from './metrics.ts';
import { installIdempotency } from './idempotency.ts';
import { installOpenApi } from './openapi.ts';
import { installRateLimits } from './rate-limits.ts';
import { ROUTES } from './routes.ts';
import { installWeb } from './web.ts';

/** Larger than any plan with its scripts' output by digest; what exceeds it is answered 413 unread. */
const BODY_LIMIT_BYTES = 1_048_576;

export interface ServerOptions {
  /** Host names answered beside the loopback names; with or without a port. */
  readonly allowedHosts: readonly string[];
  /** Whether `/metrics` answers beyond the loopback interface. */
  readonly metricsOpen: boolean;
  /** Most requests a minute of one credential; `null` for any number. */
  readonly requestsPerMinute: number | null;
  /** Of the program, for its description. */
  readonly version: string;
  /** Folder of the built web, or `null`. */
  readonly webRoot: string | null;
}

/** The HTTP server, every route registered, not listening yet. */
export async function buildServer(context: AppContext, options: ServerOptions): Promise<Api> {
  const app: Api = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    // INVARIANT: an address is the socket's. No header moves a caller to another one.
    trustProxy: false,
    genReqId: () => randomUUID(),
    frameworkErrors: (_error, _request, reply) => void sendError(reply, new AppError('not_found')),
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(cookie);
  installJsonBodies(app);
  installErrors(app, context);
  installRequestMetrics(app, context);
  installGuards(app, options);
  installAuthentication(app, context, options);
  await installRateLimits(app, options);
  installIdempotency(app, context);
  installConditions(app, context);
  await installOpenApi(app, options.version);
  for (const register of ROUTES) await register(app, context);
  await installWeb(app, options.webRoot);
  return app;
}
