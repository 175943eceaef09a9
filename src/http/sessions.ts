import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { beginSession } from '../app/sessions/sign-in.ts';
import { signOut } from '../app/sessions/sign-out.ts';
import { me, session, signIn, type Me } from '../contract/sessions.ts';
import { callOf, type Api } from './api.ts';
import { SESSION_COOKIE } from './authentication.ts';
import { answer } from './recorded.ts';

const tags = ['sessions'];
const COOKIE = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

/** `/api/v1/session`, `/api/v1/me`: signing in and out of the web, and who one is. */
export function registerSessions(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/session',
    {
      config: { access: 'anyone' },
      schema: { tags, summary: 'Sign in', body: signIn, response: { 201: session } },
    },
    async (request, reply) => {
      const door = { address: request.ip, requestId: request.id };
      const { name, cookie, expiresAt } = await beginSession(context, request.body, door);
      const secure = request.headers.origin?.startsWith('https:') === true;
      reply.setCookie(SESSION_COOKIE, cookie, { ...COOKIE, secure, expires: expiresAt });
      return reply.code(201).send({ name, expiresAt: expiresAt.toISOString() });
    },
  );
  app.delete(
    '/api/v1/session',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Sign out', response: { 204: z.null() } },
    },
    async (request, reply) => {
      answer(reply, await signOut(context, callOf(request)));
      reply.clearCookie(SESSION_COOKIE, COOKIE);
      return reply.code(204).send(null);
    },
  );
  app.get(
    '/api/v1/me',
    {
      config: { access: 'account' },
      schema: { tags, summary: 'Who calls, and what they may now', response: { 200: me } },
    },
    (request): Me => {
      const { actor } = callOf(request);
      return {
        name: actor.person,
        kind: actor.kind === 'service' ? 'service' : 'person',
        botOf: actor.botOf,
        roles: [...actor.standing],
        onDuty: [...actor.onDuty],
        scopes: [...actor.scopes],
        credential: actor.credential.kind === 'session' ? 'session' : 'token',
        host: actor.host && { ...actor.host },
      };
    },
  );
}
