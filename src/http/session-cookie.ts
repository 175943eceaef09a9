import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NewlySignedIn } from '../app/sessions/sign-in.ts';
import { SESSION_COOKIE } from './authentication.ts';

/** How the session's cookie is kept: from scripts, and from requests that other sites make a browser send. */
export const SESSION_COOKIE_OPTIONS = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookie, expiresAt }: Pick<NewlySignedIn, 'cookie' | 'expiresAt'>,
): void {
  const secure = request.headers.origin?.startsWith('https:') === true;
  reply.setCookie(SESSION_COOKIE, cookie, { ...SESSION_COOKIE_OPTIONS, secure, expires: expiresAt });
}
