import { z } from 'zod';
import type { AppContext } from '../app/context.ts';
import { beginSession } from '../app/sessions/sign-in.ts';
import { signOut } from '../app/sessions/sign-out.ts';
import { me, session, signIn, type Me } from '../contract/sessions.ts';
import { callOf, type Api } from './api.ts';
import { answer } from './recorded.ts';
import { dropCookie, SESSION_COOKIE, setSessionCookie } from './session-cookie.ts';

const tags = ['sessions'];

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
      const begun = await beginSession(context, request.body, door);
      setSessionCookie(request, reply, begun);
      return reply.code(201).send({ name: begun.name, expiresAt: begun.expiresAt.toISOString() });
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
      dropCookie(reply, SESSION_COOKIE);
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
        issuer: actor.issuer,
        botOf: actor.botOf,
        agent: actor.agent,
        roles: [...actor.standing],
        onDuty: [...actor.onDuty],
        scopes: [...actor.scopes],
        credential: actor.credential.kind === 'session' ? 'session' : 'token',
        host: actor.host && { ...actor.host },
      };
    },
  );
}
