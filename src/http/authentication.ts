import type { FastifyRequest } from 'fastify';
import type { Actor, Credential } from '../app/actor.ts';
import { authenticate } from '../app/authenticate.ts';
import type { AppContext } from '../app/context.ts';
import { authenticateLogin } from '../app/stop/authenticate-login.ts';
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
  const actor = await callerOf(context, request, access);
  if (!actor) {
    context.metrics.count('interlock_unauthenticated_total');
    throw new AppError(foreign ? 'forbidden' : 'unauthenticated');
  }
  const source = SOURCES[actor.credential.kind];
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
  const actor = access && (await callerOf(context, request, access));
  return access !== undefined && !!actor && whyNot(actor, access) === null;
}

/**
 * Who calls, by what this route takes for a proof. INVARIANT: a login proves nobody but at a route of that access, and whoever has a
 * better proof gives that one, at the route that takes it.
 */
async function callerOf(context: AppContext, request: FastifyRequest, access: Access): Promise<Actor | null> {
  const credentials = credentialsOf(request);
  if (!accessEntry(access).login) return authenticate(context, credentials);
  const { token, session, login, bastion } = credentials;
  return token === null && session === null ? authenticateLogin(context, { login, bastion }) : null;
}

const SOURCES: Readonly<Record<Credential['kind'], string>> = {
  session: 'web',
  token: 'api',
  login: 'bastion-login',
  link: 'api',
  none: 'api',
};

/** Why an actor may not call a route of this access; for the record, never for the caller. */
function whyNot(actor: Actor, access: Access): string | null {
  const { scope, asksToo, peopleOnly, adminOnly, bastion, login, agents } = accessEntry(access);
  if (scope !== null && scope !== 'any' && !actor.scopes.includes(scope)) return `expected scope ${scope}`;
  if (asksToo && !actor.scopes.includes('ask')) return 'expected scope ask';
  if (peopleOnly && actor.kind !== 'person') return 'expected a person, got a service account';
  if (actor.agent && !agents) return 'expected who may decide, got an agent';
  if (adminOnly && !actor.standing.includes('admin')) return 'expected the role admin';
  if (bastion && actor.host === null) return 'expected a proven bastion';
  if (login && actor.host?.role !== 'bastion') return 'expected a bastion, got a deployer';
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
  const { 'interlock-bastion': bastion, 'interlock-login': login } = request.headers;
  return {
    // A header that is there and no bearer token is a failed proof, not an absent one.
    token: request.headers.authorization === undefined ? null : (bearer?.[1] ?? ''),
    session: keptCookie(request, SESSION_COOKIE),
    bastion: bastion === undefined ? null : String(bastion),
    login: login === undefined ? null : String(login),
  };
}

function routeName(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`;
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
