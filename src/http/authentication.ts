import type { FastifyRequest } from 'fastify';
import type { Actor } from '../app/actor.ts';
import { authenticate } from '../app/authenticate.ts';
import type { AppContext } from '../app/context.ts';
import { recordDenied } from '../app/record-denied.ts';
import { accessEntry, type Access } from '../contract/access.ts';
import { AppError } from '../contract/errors.ts';
import type { Api } from './api.ts';
import { fromOurOrigin, isForeign, isSafe } from './guards.ts';
import { keptCookie, SESSION_COOKIE } from './session-cookie.ts';

/** A page sends it with every request that changes something; no other site's page can without being asked first. */
const CSRF_HEADER = 'interlock-csrf';

interface AuthenticationOptions {
  readonly metricsOpen: boolean;
}

/**
 * Deny by default: a route that does not say who may call it keeps the server from starting, and every call is compared
 * with what its route says. 401 and 403 say nothing more.
 */
export function installAuthentication(app: Api, context: AppContext, options: AuthenticationOptions): void {
  app.decorateRequest('call', null);
  app.decorate('declared', []);
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    const access = config?.access;
    if (!access) {
      throw new Error(`expected \`config.access\` at route \`${String(method)} ${url}\`, got none`);
    }
    const { resource, shownOnce } = config;
    const declared = {
      url,
      access,
      ...(resource && { resource }),
      ...(shownOnce && { shownOnce }),
      ...(schema && { schema }),
    };
    for (const one of [method].flat()) app.declared.push({ ...declared, method: one });
  });
  app.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const access = request.routeOptions.config.access;
    if (!access) throw new AppError('forbidden');
    await admit(context, request, access, options);
  });
}

async function admit(
  context: AppContext,
  request: FastifyRequest,
  access: Access,
  options: AuthenticationOptions,
): Promise<void> {
  const entry = accessEntry(access);
  const foreign = isForeign(request);
  if (entry.scope === null) {
    if (foreign) throw new AppError('forbidden');
    if (entry.loopback && !options.metricsOpen && !isLoopback(request.ip)) throw new AppError('forbidden');
    return;
  }
  const actor = await authenticate(context, credentialsOf(request));
  if (!actor) {
    context.metrics.count('interlock_unauthenticated_total');
    throw new AppError(foreign ? 'forbidden' : 'unauthenticated');
  }
  const source = actor.credential.kind === 'session' ? 'web' : 'api';
  request.call = { actor, requestId: request.id, source };
  const why = whyNot(actor, access) ?? (foreign ? FOREIGN : forged(actor, request));
  if (why === null) return;
  context.metrics.count('interlock_forbidden_total');
  if (!isSafe(request)) await recordDenied(context, request.call, routeName(request), why);
  throw new AppError('forbidden');
}

/** Whether whoever began this request could still make it. */
export async function stillStands(context: AppContext, request: FastifyRequest): Promise<boolean> {
  const access = request.routeOptions.config.access;
  const actor = await authenticate(context, credentialsOf(request));
  return access !== undefined && actor !== null && whyNot(actor, access) === null;
}

/** Why an actor may not call a route of this access; for the record, never for the caller. */
function whyNot(actor: Actor, access: Access): string | null {
  const { scope, asksToo, peopleOnly, adminOnly, bastion, agents } = accessEntry(access);
  if (scope !== null && scope !== 'any' && !actor.scopes.includes(scope)) return `expected scope ${scope}`;
  if (asksToo && !actor.scopes.includes('ask')) return 'expected scope ask';
  if (peopleOnly && actor.kind !== 'person') return 'expected a person, got a service account';
  if (actor.agent && !agents) return 'expected who may decide, got an agent';
  if (adminOnly && !actor.standing.includes('admin')) return 'expected the role admin';
  if (bastion && actor.host === null) return 'expected a proven bastion';
  return null;
}

const FOREIGN = 'expected an origin of our own';

/** A cookie goes along by itself; so whoever brings one must also show that a page of ours sent the request. */
function forged(actor: Actor, request: FastifyRequest): string | null {
  if (actor.credential.kind !== 'session' || isSafe(request)) return null;
  if (!fromOurOrigin(request)) return FOREIGN;
  return request.headers[CSRF_HEADER] === '1' ? null : `expected the header ${CSRF_HEADER}`;
}

function credentialsOf(request: FastifyRequest) {
  const bearer = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '');
  const bastion = request.headers['interlock-bastion'];
  return {
    // A header that is there and no bearer token is a failed proof, not an absent one.
    token: request.headers.authorization === undefined ? null : (bearer?.[1] ?? ''),
    session: keptCookie(request, SESSION_COOKIE),
    bastion: bastion === undefined ? null : String(bastion),
  };
}

function routeName(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
