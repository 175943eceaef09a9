import type { AppContext } from '../app/context.ts';
import { completeFlow } from '../app/identity/complete.ts';
import { beginFlow } from '../app/identity/flow.ts';
import { signInTerminal } from '../app/identity/redeem.ts';
import { issuedToken } from '../contract/people.ts';
import { flow, newFlow, returned, signedIn, signInWays, terminalSignIn } from '../contract/sign-in.ts';
import type { Api } from './api.ts';
import { dropCookie, keepCookie, keptCookie, setSessionCookie } from './session-cookie.ts';

const tags = ['sessions'];
/** What the browser keeps while its person is at the provider. No page of another site makes a browser send it. */
const FLOW_COOKIE = 'interlock_sign_in';
const TEN_MINUTES_S = 600;

/**
 * `/api/v1/sign-in`: by the identity provider. It sends the browser back to a page of ours, and that page asks: so no GET changes
 * anything, and the cookies may be strict.
 */
export function registerSignIn(app: Api, context: AppContext): void {
  app.get(
    '/api/v1/sign-in',
    {
      config: { access: 'anyone' },
      schema: { tags, summary: 'How one may sign in', response: { 200: signInWays } },
    },
    () => {
      const { provider } = context.identity;
      return { provider: provider && { title: provider.title, page: provider.page } };
    },
  );
  app.post(
    '/api/v1/sign-in/flows',
    {
      config: { access: 'anyone' },
      schema: { tags, summary: 'Begin to sign in by the provider', body: newFlow, response: { 201: flow } },
    },
    async (request, reply) => {
      const door = { address: request.ip, requestId: request.id };
      const { url, cookie } = await beginFlow(context, request.body, door);
      keepCookie(request, reply, [FLOW_COOKIE, cookie], { maxAge: TEN_MINUTES_S });
      return reply.code(201).send({ url });
    },
  );
  registerReturn(app, context);
}

function registerReturn(app: Api, context: AppContext): void {
  app.post(
    '/api/v1/sign-in/return',
    {
      config: { access: 'anyone' },
      schema: {
        tags,
        summary: 'End it: with what the provider sent the browser back with',
        body: returned,
        response: { 201: signedIn },
      },
    },
    async (request, reply) => {
      const door = { address: request.ip, requestId: request.id };
      const kept = keptCookie(request, FLOW_COOKIE);
      dropCookie(reply, FLOW_COOKIE);
      const completed = await completeFlow(context, kept, request.body.parameters, door);
      if (completed.kind === 'terminal') {
        return reply.code(201).send({ name: completed.name, code: completed.code });
      }
      setSessionCookie(request, reply, completed);
      return reply.code(201).send({ name: completed.name, expiresAt: completed.expiresAt.toISOString() });
    },
  );
  app.post(
    '/api/v1/sign-in/terminal',
    {
      config: { access: 'anyone' },
      schema: {
        tags,
        summary: 'Sign a terminal in, by the code that the browser shows',
        body: terminalSignIn,
        response: { 201: issuedToken },
      },
    },
    async (request, reply) => {
      const door = { address: request.ip, requestId: request.id };
      return reply.code(201).send(await signInTerminal(context, request.body, door));
    },
  );
}
