import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration } from 'oidc-provider';
import type { IdentityProvider } from '../../src/app/ports/identity-provider.ts';
import { openIdProvider } from '../../src/integrations/oidc/provider.ts';

const CLIENT_ID = 'interlock';
const CLIENT_SECRET = 'agreed between the two of them';
/** Nobody goes there: the tests read where the browser is sent back to, and are the page. */
const NOWHERE = 'https://interlock.example';

/** What the provider says of somebody, beside their subject. */
export interface Person {
  readonly subject: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

type Claims = Record<string, unknown>;

/** A real OpenID Connect provider on the loopback interface, whose id tokens can be exchanged for an attacker's. */
export interface TestProvider {
  readonly issuer: string;
  /** The server's side of it. */
  readonly port: IdentityProvider;
  /** Who signs in from now on. */
  person: Person;
  /** Makes another id token of a right one; `null` leaves it. */
  tamper: ((token: string, claims: Claims) => string) | null;
  /** Goes where the server sent the browser, signs in, and gives what it is sent back with, after `?`. */
  visit(url: string): Promise<string>;
  /** An id token signed with the provider's own key, in whatever it says. */
  signed(claims: Claims): string;
  /** The provider's public key as PEM, which everybody has. */
  readonly publicKey: string;
  stop(): Promise<void>;
}

/** Starts it for an Interlock at an address; a real browser needs a real one. */
export async function startProvider(publicUrl = NOWHERE): Promise<TestProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'test' };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world: TestProvider = {
    issuer,
    port: openIdProvider({
      issuer,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      publicUrl,
      title: 'Test provider',
      signedBy: 'RS256',
      groupsClaim: 'groups',
      nameClaim: 'preferred_username',
      scope: 'openid profile email',
    }),
    person: { subject: 'nobody' },
    tamper: null,
    visit: (url) => visit(url, publicUrl),
    signed: (claims) =>
      jwt({ alg: 'RS256', kid: 'test' }, claims, (text) => sign('sha256', text, privateKey)),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    stop: () => stop(server),
  };
  const provider = new Provider(issuer, configuration(world, publicUrl, jwk));
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') === true) {
      void signIn(provider, world, request, response);
      return;
    }
    if (request.url === '/token' && world.tamper !== null) exchangeToken(response, world.tamper);
    void answer(request, response);
  });
  return world;
}

function configuration(
  world: TestProvider,
  publicUrl: string,
  jwk: NonNullable<Configuration['jwks']>['keys'][number],
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [`${publicUrl}/sign-in/return`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['test'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups'], email: ['email'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => ({ sub: subject, ...world.person.claims }),
    }),
    // Nobody is asked whether Interlock may know who they are.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    renderError: (context, out) => {
      context.body = out;
    },
  };
}

async function signIn(
  provider: Provider,
  world: TestProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await provider.interactionDetails(request, response);
  await provider.interactionFinished(request, response, { login: { accountId: world.person.subject } });
}

/** Puts another id token into what the token endpoint answers. */
function exchangeToken(response: ServerResponse, tamper: NonNullable<TestProvider['tamper']>): void {
  const end = response.end.bind(response);
  response.end = ((body: Buffer | string) => {
    const answer = JSON.parse(body.toString()) as { id_token?: string };
    if (answer.id_token !== undefined) answer.id_token = tamper(answer.id_token, claimsOf(answer.id_token));
    const text = JSON.stringify(answer);
    response.setHeader('content-length', Buffer.byteLength(text));
    return end(text);
  }) as ServerResponse['end'];
}

/** A browser that follows every step and keeps cookies, until it would leave the provider. */
async function visit(start: string, publicUrl: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < 10; step += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const next = response.headers.get('location');
    if (next === null)
      throw new Error(`expected a redirect, got \`${response.status}\` ${await response.text()}`);
    url = new URL(next, url).href;
    if (url.startsWith(`${publicUrl}/sign-in/return`)) return new URL(url).search.slice(1);
  }
  throw new Error('expected the provider to send the browser back');
}

/** A token with this header and these claims. */
export function jwt(header: Claims, claims: Claims, signature: (text: Buffer) => Buffer): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${signature(Buffer.from(text)).toString('base64url')}`;
}

function part(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
