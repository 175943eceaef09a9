import { createHash, randomBytes } from 'node:crypto';
import type { TestProvider } from './identity-provider.ts';
import type { Answer, TestServer } from './server.ts';

/** A browser on our page, between its way to the provider and back. */
export interface Begun {
  readonly url: string;
  readonly cookie: string;
}

/** Begins to sign in, as our page does. */
export async function begin(server: TestServer, body: Record<string, unknown> = {}): Promise<Begun> {
  const answer = await server.ask('POST', '/api/v1/sign-in/flows', { body });
  if (answer.status !== 201)
    throw new Error(`expected 201, got \`${answer.status}\` ${JSON.stringify(answer.body)}`);
  return { url: answer.body.url, cookie: cookieOf(answer) };
}

/** What our page does when the provider has sent the browser back. */
export function finish(server: TestServer, cookie: string, parameters: string): Promise<Answer> {
  return server.ask('POST', '/api/v1/sign-in/return', { body: { parameters }, headers: { cookie } });
}

/** All of it: to the provider and back. */
export async function signInBy(
  server: TestServer,
  provider: TestProvider,
  body: Record<string, unknown> = {},
): Promise<Answer> {
  const { url, cookie } = await begin(server, body);
  return finish(server, cookie, await provider.visit(url));
}

/** What a page of ours sends with every change. */
export function pageOf(server: TestServer, answer: Answer): Record<string, string> {
  const session = answer.headers.getSetCookie().find((one) => one.startsWith('interlock_session=')) ?? '';
  return { cookie: session.split(';')[0] ?? '', origin: server.url, 'interlock-csrf': '1' };
}

/** What a terminal keeps, and what it shows of it. */
export function newTerminal(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

function cookieOf(answer: Answer): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
