import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusedBy } from '../kit/attacks.ts';
import { expectStatus } from '../kit/changes.ts';
import { jwt, startProvider, type TestProvider } from '../kit/identity-provider.ts';
import { startServer, type Answer, type TestServer } from '../kit/server.ts';
import { begin, finish, signInBy } from '../kit/sign-in.ts';

// What an attacker makes of an id token, or of what was used once. Each is refused, each refusal stands in the ledger, and nothing
// else changed. The numbers are those of the other files of this folder.

const SECOND_MS = 1_000;

let server: TestServer;
let provider: TestProvider;

beforeAll(async () => {
  provider = await startProvider();
  server = await startServer({ identity: { provider: provider.port } });
});
afterAll(async () => {
  await server.stop();
  await provider.stop();
});
beforeEach(async () => {
  provider.tamper = null;
  await server.context.db.deleteFrom('sign_in_attempts').execute();
});

const refused = (code: string, attempt: () => Promise<Answer>) => refusedBy(server, code, attempt);

type Claims = Record<string, unknown>;
const hs256 = (key: string) => (text: Buffer) => createHmac('sha256', key).update(text).digest();
const nowS = () => Math.floor(Date.now() / SECOND_MS);

/** Each makes of a right id token of cora's another one. */
const FORGERIES: Record<string, (token: string, claims: Claims) => string> = {
  '3: for another audience': (_token, claims) => provider.signed({ ...claims, aud: 'another-client' }),
  '3: for two audiences, authorized for the other': (_token, claims) =>
    provider.signed({ ...claims, aud: ['interlock', 'another-client'], azp: 'another-client' }),
  '4: alg none': (_token, claims) => jwt({ alg: 'none' }, claims, () => Buffer.alloc(0)),
  '4: HS256 by the public key': (_token, claims) => jwt({ alg: 'HS256' }, claims, hs256(provider.publicKey)),
  '4: HS256 by the client’s secret': (_token, claims) =>
    jwt({ alg: 'HS256' }, claims, hs256('agreed between the two of them')),
  '5: with the nonce of another time': (_token, claims) => provider.signed({ ...claims, nonce: 'another' }),
  '5: without a nonce': (_token, claims) => provider.signed({ ...claims, nonce: undefined }),
  'tampered: another subject under the old signature': (token, claims) => {
    const [header, , signature] = token.split('.');
    return `${header}.${Buffer.from(JSON.stringify({ ...claims, sub: 'vera' })).toString('base64url')}.${signature}`;
  },
  'signed by another key': (_token, claims) =>
    jwt({ alg: 'RS256', kid: 'test' }, claims, () => Buffer.alloc(256, 7)),
  expired: (_token, claims) => provider.signed({ ...claims, iat: nowS() - 7_200, exp: nowS() - 3_600 }),
  'of another issuer': (_token, claims) => provider.signed({ ...claims, iss: 'https://id.example' }),
  'without a subject': (_token, claims) => provider.signed({ ...claims, sub: undefined }),
};

describe('an id token', () => {
  beforeAll(async () => {
    provider.person = { subject: 'cora-there', claims: { preferred_username: 'cora', groups: ['sre'] } };
    provider.tamper = null;
    expectStatus(await signInBy(server, provider), 201);
  });

  it('that is made anew and right is taken: the forger’s tools work', async () => {
    provider.tamper = (_token, claims) => provider.signed(claims);
    expectStatus(await signInBy(server, provider), 201);
  });

  it.each(Object.entries(FORGERIES))('%s, is refused', async (_name, tamper) => {
    provider.tamper = tamper;
    await refused('unauthenticated', () => signInBy(server, provider));
  });
});

describe('5: what was used once', () => {
  it('is not taken again: neither the code nor the way it came', async () => {
    const one = await begin(server);
    const parameters = await provider.visit(one.url);
    expectStatus(await finish(server, one.cookie, parameters), 201);
    await refused('unauthenticated', () => finish(server, one.cookie, parameters));
    const other = await begin(server);
    const state = new URL(other.url).searchParams.get('state') ?? '';
    const replayed = new URLSearchParams(parameters);
    await refused('unauthenticated', () => finish(server, other.cookie, replayed.toString()));
    // Its own state does not help: the code is spent, and was another nonce's and another verifier's.
    const third = await begin(server);
    replayed.set('state', new URL(third.url).searchParams.get('state') ?? state);
    await refused('unauthenticated', () => finish(server, third.cookie, replayed.toString()));
  });

  it('of two at once one is taken', async () => {
    const one = await begin(server);
    const parameters = await provider.visit(one.url);
    const both = await Promise.all([1, 2].map(() => finish(server, one.cookie, parameters)));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401]);
  });

  it('a code that was caught on its way is worth nothing to the browser that caught it', async () => {
    const [victim, thief] = [await begin(server), await begin(server)];
    const caught = new URLSearchParams(await provider.visit(victim.url));
    caught.set('state', new URL(thief.url).searchParams.get('state') ?? '');
    await refused('unauthenticated', () => finish(server, thief.cookie, caught.toString()));
  });
});
