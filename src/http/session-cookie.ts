import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NewlySignedIn } from '../app/sessions/sign-in.ts';
import { fromOurOrigin, isAtLoopback } from './guards.ts';

/** How a cookie is kept: from scripts, and from requests that other sites make a browser send. */
const KEPT = { path: '/', httpOnly: true, sameSite: 'strict' } as const;
/** A browser takes a cookie of such a name over TLS alone, for this very host: no neighbour and no plain line can lay one there. */
const PREFIX = '__Host-';

export const SESSION_COOKIE = 'interlock_session';

/** Keeps a cookie in the browser that asks: under its name of TLS where its page came that way. */
export function keepCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  [name, value]: readonly [string, string],
  until: { readonly expires: Date } | { readonly maxAge: number },
): void {
  const secure = isOverTls(request);
  reply.setCookie(secure ? PREFIX + name : name, value, { ...KEPT, secure, ...until });
}

/** Has the browser forget a cookie, by whichever name it has it. */
export function dropCookie(reply: FastifyReply, name: string): void {
  reply.clearCookie(name, KEPT);
  reply.clearCookie(PREFIX + name, { ...KEPT, secure: true });
}

/**
 * The cookie that a request brings, or `null`. Where its page came over TLS only what was kept over TLS counts: any other may have
 * been laid there by a neighbour, or over a plain line.
 */
export function keptCookie(request: FastifyRequest, name: string): string | null {
  const { cookies } = request;
  return cookies[PREFIX + name] ?? (isOverTls(request) ? undefined : cookies[name]) ?? null;
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookie, expiresAt }: Pick<NewlySignedIn, 'cookie' | 'expiresAt'>,
): void {
  keepCookie(request, reply, [SESSION_COOKIE, cookie], { expires: expiresAt });
}

/**
 * Whether the browser's page came over TLS, whatever stands between it and us. What changes something says its origin; what only reads
 * says where its page stands (`Sec-Fetch-Site`), which a browser tells to nobody but TLS and this machine.
 */
function isOverTls(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  // A page of somebody else says nothing of our line, only of its own.
  if (origin !== undefined && fromOurOrigin(request)) return origin.startsWith('https:');
  return site !== undefined && !isAtLoopback(request);
}
