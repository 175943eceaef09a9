import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  FastifySchema,
  RawServerDefault,
} from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Access } from '../contract/access.ts';
import type { Call } from '../app/actor.ts';
import type { Resource } from '../app/entity-tag.ts';
import { AppError } from '../contract/errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. A route without it keeps the server from starting. */
    access?: Access;
    /** Never counted: what stops a change must be heard also from a caller who has asked too much. */
    uncounted?: boolean;
    /** What this route reads or changes, where that can be read at one address: its `ETag` is that one's. */
    resource?: Resource;
    /** Its answer holds a secret, which is shown once and kept nowhere. */
    shownOnce?: boolean;
  }
  interface FastifyInstance {
    /** Every route with who may call it, as it declared. */
    declared: DeclaredRoute[];
  }
  interface FastifyRequest {
    /** Who calls; `null` where the route asks for no credentials. */
    call: Call | null;
  }
}

/** One route, and who may call it. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  readonly resource?: Resource;
  readonly shownOnce?: boolean;
  /** Of what is sent and answered. */
  readonly schema?: FastifySchema;
}

/** The server as route modules see it: schemas are zod, handlers are typed by them. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Who calls a route that asks for credentials. */
export function callOf(request: Pick<FastifyRequest, 'call'>): Call {
  if (!request.call) throw new AppError('unauthenticated');
  return request.call;
}
